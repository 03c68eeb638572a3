import { addressOf, plainText } from '../../domain/index.ts'
import type { Probe, ProbeWorld } from '../../engine/index.ts'
import type { Outbound } from '../../outbound/index.ts'
import { probeOf, type Sight } from '../probe-frame.ts'
import { tcpProbeSchema } from './schema.ts'

/** A load balancer without a backend accepts, and closes at once: only a connection that stays is one. */
const STAYS_MS = 50
const WANTED = 'a connection that stays'

interface Address {
  text: string
  url: URL
}

/** One connection through `outbound`, closed again without a byte sent. */
export function createTcpProbe(outbound: Outbound): Probe {
  return probeOf<Address>({
    schema: tcpProbeSchema,
    read: (inputs) => {
      const text = plainText(inputs.address)
      return addressOf(text) === null ? `address "${text}" is none` : { text, url: new URL(`tcp://${text}`) }
    },
    look: (address, world) => look(outbound, address, world),
    asked: ({ text }) => ({ what: text, wanted: WANTED })
  })
}

async function look(outbound: Outbound, { text, url }: Address, world: ProbeWorld): Promise<Sight> {
  const { signal, timeoutMs: deadlineMs } = world
  const reached = world.target.resolve(url, world.namespace)
  const seen = await outbound.reach(reached, { signal, deadlineMs, staysMs: STAYS_MS })
  const said = seen.stayed
    ? `connected in ${seen.connectMs} ms`
    : `connected in ${seen.connectMs} ms, and was closed at once`
  return { passed: seen.stayed, evidence: `${text}: ${said} (wanted ${WANTED})` }
}
