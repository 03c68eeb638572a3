import { Agent, type Dispatcher, request as undiciRequest } from 'undici'
import { AppError } from '../platform/index.ts'
import { type Admitted, admit, type EgressRules, unreachable } from './egress.ts'
import { type Reached, type ReachOptions, reach } from './reach.ts'

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
}

export interface OutboundAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

export interface Outbound {
  /** where a request to this URL would go; rejects with `outbound/blocked`, `outbound/private-host`, `outbound/unreachable` */
  admit(url: URL): Promise<Admitted>
  /** Bounded in time and bytes; redirects are not followed. Rejects also with `outbound/timeout`, `outbound/too-large`. */
  request(url: URL, options: OutboundRequest): Promise<OutboundAnswer>
  /** a TCP connection to `tcp://host:port`, no byte sent; rejects as `request` does */
  reach(url: URL, options: ReachOptions): Promise<Reached>
  close(): Promise<void>
}

const IDLE_MS = 60_000

/** The one door for HTTP that leaves. Connections are kept; each goes to the address that was judged. */
export function createOutbound(rules: EgressRules): Outbound {
  const agents = new Map<string, Agent>()
  const agentFor = (to: Admitted, insecure: boolean) => {
    const key = `${to.address}|${insecure}`
    const known = agents.get(key)
    if (known !== undefined) return known
    const made = pinnedAgent(to, insecure)
    agents.set(key, made)
    return made
  }
  return {
    admit: (url) => admit(url, rules),
    request: async (url, options) =>
      exchange(url, options, agentFor(await admit(url, rules), options.insecure === true)),
    reach: async (url, options) => reach(url, await admit(url, rules), options),
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()))
    }
  }
}

function pinnedAgent({ address, family }: Admitted, insecure: boolean): Agent {
  return new Agent({
    keepAliveTimeout: IDLE_MS,
    connections: 16,
    connect: {
      rejectUnauthorized: !insecure,
      timeout: 10_000,
      lookup: (_host, options, done) => {
        if (options.all) done(null, [{ address, family }])
        else done(null, address, family)
      }
    }
  })
}

async function exchange(url: URL, options: OutboundRequest, dispatcher: Dispatcher): Promise<OutboundAnswer> {
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
    throw unreachable(url, error instanceof Error ? error.message : String(error), error)
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
    message: `${url.host} did not answer within ${ms} ms.`
  })
}
