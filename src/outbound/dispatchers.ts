import { createHash } from 'node:crypto'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { Admitted } from './egress.ts'
import { type HttpProxy, proxyAuthorization } from './proxy.ts'
import type { Route } from './route.ts'

/** What the other side's certificate is held against. */
export interface Trust {
  /** PEM of the authorities to trust instead of the usual ones */
  ca: string | null
  /** it is not looked at */
  insecure: boolean
}

const IDLE_MS = 60_000
const CONNECT_MS = 10_000
/** more ways than this are not kept open: the ones that were not used for longest go */
const MAX_KEPT = 512

/** Kept connections, one bundle for each way (address, proxy, trust): nothing of one is used for another. */
export class Dispatchers {
  readonly #kept = new Map<string, Dispatcher>()

  of(route: Route, trust: Trust): Dispatcher {
    const key = keyOf(route, trust)
    const dispatcher = this.#kept.get(key) ?? dispatcherFor(route, trust)
    this.#kept.delete(key)
    this.#kept.set(key, dispatcher)
    this.#drop()
    return dispatcher
  }

  async close(): Promise<void> {
    await Promise.all([...this.#kept.values()].map((dispatcher) => dispatcher.destroy()))
  }

  #drop(): void {
    const [oldest] = this.#kept
    if (this.#kept.size <= MAX_KEPT || oldest === undefined) return
    this.#kept.delete(oldest[0])
    // requests under way come to their end
    oldest[1].close().catch(() => undefined)
  }
}

function keyOf({ to, proxy }: Route, { ca, insecure }: Trust): string {
  const through = proxy === null ? null : [proxy.url.href, proxyAuthorization(proxy)]
  return createHash('sha256')
    .update(JSON.stringify([to.address, through, ca, insecure]))
    .digest('hex')
}

function dispatcherFor({ to, proxy }: Route, { ca, insecure }: Trust): Dispatcher {
  const common = { keepAliveTimeout: IDLE_MS, connections: 16 }
  const tls = { rejectUnauthorized: !insecure, ...(ca !== null && { ca }) }
  const pinned = { timeout: CONNECT_MS, lookup: lookupOf(to) }
  if (proxy === null) return new Agent({ ...common, connect: { ...tls, ...pinned } })
  return new ProxyAgent({ ...common, ...through(proxy), proxyTls: pinned, requestTls: tls })
}

function through(proxy: HttpProxy): { uri: string; token?: string } {
  const token = proxyAuthorization(proxy)
  return { uri: proxy.url.href, ...(token !== null && { token }) }
}

type Lookup = NonNullable<import('node:net').TcpNetConnectOpts['lookup']>

/** The address that was judged is the one that is called. */
function lookupOf({ address, family }: Admitted): Lookup {
  return (_host, options, done) => {
    if (options.all) done(null, [{ address, family }])
    else done(null, address, family)
  }
}
