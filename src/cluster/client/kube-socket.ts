import type { IncomingMessage } from 'node:http'
import WebSocket from 'ws'
import type { ClusterAccess } from '../access/cluster-access.ts'

const LARGEST_MESSAGE = 1024 * 1024
const LARGEST_REFUSAL = 64 * 1024

export interface KubeTalk {
  /** with its query */
  path: string
  /** the subprotocol, which the server must take */
  protocol: string
  signal: AbortSignal
  /** each message as it comes; what it throws ends the talk */
  onMessage: (message: Buffer) => void
}

/** An answer that is no upgrade. */
export interface NoUpgrade {
  status: number
  text: string
  date: string | undefined
}

/** How TLS to the API server is spoken. */
export function tlsOf({ ca, certificate, serverName }: ClusterAccess) {
  return {
    ...(ca !== null && { ca }),
    ...(serverName !== null && { servername: serverName }),
    ...(certificate !== null && { cert: certificate.cert, key: certificate.key.reveal() })
  }
}

/**
 * One WebSocket to the API server, which only listens. Resolves when the server has closed it, or with its no; rejects
 * with what broke, unjudged.
 */
export async function listenTo(access: ClusterAccess, talk: KubeTalk, deadlineMs: number): Promise<NoUpgrade | null> {
  const token = await access.token()
  const url = new URL(talk.path, access.server)
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:'
  const socket = new WebSocket(url, talk.protocol, {
    ...tlsOf(access),
    handshakeTimeout: deadlineMs,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
    headers: token === null ? {} : { authorization: `Bearer ${token.reveal()}` }
  })
  try {
    return await ended(socket, talk)
  } finally {
    socket.terminate()
  }
}

function ended(socket: WebSocket, { signal, onMessage }: KubeTalk): Promise<NoUpgrade | null> {
  return new Promise((resolve, reject) => {
    socket.on('message', (message: Buffer) => {
      try {
        onMessage(message)
      } catch (error) {
        reject(error as Error)
      }
    })
    socket.on('unexpected-response', (_, response) => resolve(refusalIn(response)))
    socket.on('error', reject)
    socket.on('close', () => resolve(null))
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

async function refusalIn(response: IncomingMessage): Promise<NoUpgrade> {
  let text = ''
  response.setEncoding('utf8')
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      text += chunk
      if (text.length > LARGEST_REFUSAL) break
    }
  } catch {
    // what came is shown
  }
  return { status: response.statusCode ?? 0, text, date: response.headers.date }
}
