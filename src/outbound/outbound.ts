import { type Dispatcher, request as undiciRequest } from 'undici'
import { AppError } from '../platform/index.ts'
import { Dispatchers } from './dispatchers.ts'
import { type Admitted, admit, type EgressRules } from './egress.ts'
import { connectionError } from './failures.ts'
import type { HttpProxy } from './proxy.ts'
import { type Reached, type ReachOptions, reach } from './reach.ts'
import { type Route, routeTo } from './route.ts'

export interface OutboundRequest {
  method: string
  headers?: Record<string, string>
  body?: string | Buffer
  signal?: AbortSignal
  /** for the whole exchange, ms */
  deadlineMs: number
  /** larger answers are an error */
  maxBytes: number
  /** the certificate is not checked: for probes that ask for it */
  insecure?: boolean
  /** PEM of the authorities to trust instead of the usual ones */
  ca?: string | null
  /** instead of the server's own proxy, if that has one */
  proxy?: HttpProxy | null
}

type Asked = Omit<OutboundRequest, 'insecure' | 'ca' | 'proxy'>

export interface OutboundAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

export interface Outbound {
  /** where a request to this URL would go; rejects with `outbound/blocked`, `outbound/private-host`, `outbound/unreachable` */
  admit(url: URL): Promise<Admitted>
  /** the same with proxies, for programs that connect by themselves; rejects also with `outbound/proxy-not-allowed` */
  route(url: URL, proxy: HttpProxy | null): Promise<Route>
  /**
   * Bounded in time and bytes; redirects are not followed. Rejects also with `outbound/timeout`, `outbound/too-large`,
   * `outbound/certificate-…`, `outbound/proxy-auth`, `outbound/proxy-refused`.
   */
  request(url: URL, options: OutboundRequest): Promise<OutboundAnswer>
  /** a TCP connection to `tcp://host:port`, no byte sent; rejects as `request` does */
  reach(url: URL, options: ReachOptions): Promise<Reached>
  close(): Promise<void>
}

/** The one door for HTTP that leaves. Connections are kept; each goes to the address that was judged. */
export function createOutbound(rules: EgressRules): Outbound {
  const dispatchers = new Dispatchers()
  return {
    admit: (url) => admit(url, rules),
    route: (url, proxy) => routeTo(url, rules, proxy),
    request: async (url, { proxy = null, ca = null, insecure = false, ...asked }) => {
      const route = await routeTo(url, rules, proxy)
      return exchange(url, asked, { route, dispatcher: dispatchers.of(route, { ca, insecure }) })
    },
    reach: async (url, options) => reach(url, await admit(url, rules), options),
    close: () => dispatchers.close()
  }
}

async function exchange(
  url: URL,
  options: Asked,
  { route, dispatcher }: { route: Route; dispatcher: Dispatcher }
): Promise<OutboundAnswer> {
  const deadline = AbortSignal.timeout(options.deadlineMs)
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal])
  try {
    const answer = await undiciRequest(url, {
      method: options.method as Dispatcher.HttpMethod,
      headers: options.headers ?? {},
      body: options.body ?? null,
      dispatcher,
      signal
    })
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: await bounded(answer.body, { url, maxBytes: options.maxBytes })
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    options.signal?.throwIfAborted()
    if (deadline.aborted) throw timeout(url, options.deadlineMs)
    throw connectionError(url, route, error)
  }
}

async function bounded(
  body: AsyncIterable<Buffer>,
  { url, maxBytes }: { url: URL; maxBytes: number }
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      throw new AppError({
        code: 'outbound/too-large',
        kind: 'stalled',
        message: `The answer of ${url.host} is larger than ${maxBytes} bytes.`
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function timeout(url: URL, ms: number): AppError {
  return new AppError({
    code: 'outbound/timeout',
    kind: 'transient',
    message: `${url.host} did not answer within ${ms < 1000 ? `${ms} ms` : `${ms / 1000} s`}.`
  })
}
