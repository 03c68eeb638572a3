import { createConnection, isIP } from 'node:net'
import { at, textAt, treesAt } from '../../domain/index.ts'
import type { PodRef, Reached } from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { thisPod } from './this-pod.ts'

/** A network that lets nothing through is silent. */
const SILENT_MS = 3000

/** One TCP connection from here to a port of this very pod (null = the first one that it names), closed at once. */
export async function connectToPod(client: KubeClient, pod: PodRef, port: number | null): Promise<Reached> {
  const found = await thisPod(client, pod)
  const host = textAt(found, 'status', 'podIP') ?? ''
  const chosen = port ?? firstPort(found)
  if (isIP(host) === 0) return { reached: false, evidence: `pod ${pod.name} has no address` }
  if (chosen === null) throw noPort(pod)
  const seen = await connect(host, chosen)
  return { reached: seen === 'connected', evidence: `${host}:${chosen} of pod ${pod.name}: ${seen}` }
}

function firstPort(pod: unknown): number | null {
  const ports = treesAt(pod, 'spec', 'containers').flatMap((container) => treesAt(container, 'ports'))
  const tcp = ports.find(({ protocol }) => protocol === undefined || protocol === 'TCP')
  const number = at(tcp, 'containerPort')
  return typeof number === 'number' ? number : null
}

function connect(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: SILENT_MS })
    const end = (how: string) => {
      socket.destroy()
      resolve(how)
    }
    socket.once('connect', () => end('connected'))
    socket.once('timeout', () => end(`no answer within ${SILENT_MS} ms`))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
}

function noPort({ name }: PodRef): AppError {
  const message = `pod ${name} names no TCP port: say with CANARY_PORT where it listens`
  return new AppError({ code: 'cluster/no-port', kind: 'invalid', message })
}
