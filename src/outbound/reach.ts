import { connect, type Socket } from 'node:net'
import { AppError } from '../platform/index.ts'
import { type Admitted, unreachable } from './egress.ts'

export interface ReachOptions {
  signal: AbortSignal
  /** for the connection, ms */
  deadlineMs: number
  /** the connection is looked at for so long once it is open, ms */
  staysMs: number
}

export interface Reached {
  connectMs: number
  /** it was still open, or had been answered, when it was looked at */
  stayed: boolean
}

/** Opens a TCP connection to an admitted address and closes it, no byte sent. */
export async function reach(url: URL, to: Admitted, options: ReachOptions): Promise<Reached> {
  const started = performance.now()
  const socket = connect({ host: to.address, family: to.family, port: Number(url.port) })
  try {
    await opened(socket, url, options)
    const connectMs = Math.round(performance.now() - started)
    return { connectMs, stayed: await stays(socket, options.staysMs) }
  } finally {
    socket.on('error', () => undefined)
    socket.destroy()
  }
}

function opened(socket: Socket, url: URL, { signal, deadlineMs }: ReachOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(late(url, deadlineMs))), deadlineMs)
    const settle = (end: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      end()
    }
    const stop = () => settle(() => reject(signal.reason))
    socket.once('connect', () => settle(resolve))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      settle(() => reject(unreachable(url, error.code ?? error.message, error)))
    )
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
  })
}

function stays(socket: Socket, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), ms)
    const seen = (stayed: boolean) => {
      clearTimeout(timer)
      resolve(stayed)
    }
    socket.once('data', () => seen(true))
    for (const end of ['end', 'close', 'error'] as const) socket.once(end, () => seen(false))
  })
}

function late(url: URL, ms: number): AppError {
  const message = `${url.host} did not take a connection within ${ms} ms.`
  return new AppError({ code: 'outbound/timeout', kind: 'transient', message })
}
