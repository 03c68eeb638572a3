import { createServer } from 'node:net'
import type { ContainerPort, ContainerSpec, PortRef } from '../spec/container-spec.ts'

/** A container that declares no port has one all the same: what `PORT` says. */
const UNDECLARED: ContainerPort = { name: null, number: 0 }

interface Held extends ContainerPort {
  container: string
  /** on 127.0.0.1; 0 = not yet chosen */
  port: number
}

/** The ports of a pod's containers on this machine, all chosen before its first process: each is told of all the named ones. */
export class PodPorts {
  readonly #held: Held[]
  #chosen: Promise<void> | undefined

  constructor(containers: readonly ContainerSpec[]) {
    this.#held = containers.flatMap(({ name, ports }) =>
      (ports.length === 0 ? [UNDECLARED] : ports).map((port) => ({ ...port, container: name, port: 0 }))
    )
  }

  /** Resolves when all are chosen. */
  async choose(): Promise<void> {
    this.#chosen ??= this.#choose(() => true).catch((error) => {
      this.#chosen = undefined
      throw error
    })
    await this.#chosen
  }

  /** For a container that did not run for a while: another one for what another program has taken meanwhile. */
  async chooseAgain(container: string): Promise<void> {
    await this.#choose((held) => held.container === container)
  }

  /** by name or number; a number that nobody declares, as none at all, means the first one */
  of(container: string, ref: PortRef): number | null {
    const own = this.#held.filter((held) => held.container === container)
    const found = own.find(({ name, number }) => ref !== null && (name === ref || number === ref))
    return (found ?? (typeof ref === 'string' ? undefined : own[0]))?.port || null
  }

  /** of the whole pod: whoever declares it, else the first one of the first container */
  any(ref: PortRef): number | null {
    const found = this.#held.find(({ name, number }) => ref !== null && (name === ref || number === ref))
    return (found ?? (typeof ref === 'string' ? undefined : this.#held[0]))?.port || null
  }

  /** `PORT` of a container, and `PORT_NAME` of every named one in the pod */
  env(container: string): Record<string, string> {
    const named = this.#held.flatMap(({ name, port }) =>
      name === null ? [] : [[`PORT_${name.toUpperCase().replaceAll('-', '_')}`, String(port)]]
    )
    const own = this.of(container, null)
    return { ...Object.fromEntries(named), ...(own !== null && { PORT: String(own) }) }
  }

  async #choose(which: (held: Held) => boolean): Promise<void> {
    for (const held of this.#held.filter(which)) held.port = await freePort(held.port).catch(() => freePort(0))
  }
}

async function freePort(wanted: number): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(wanted, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
