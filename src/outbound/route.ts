import { type Admitted, admit, admitNamed, admitProxy, type EgressRules } from './egress.ts'
import { type HttpProxy, isException } from './proxy.ts'

/** How a request travels. */
export interface Route {
  /** where the connection goes: the host itself, or the proxy */
  to: Admitted
  proxy: HttpProxy | null
}

/** A proxy of one's own comes before the server's; https alone goes through one. */
export async function routeTo(url: URL, rules: EgressRules, own: HttpProxy | null): Promise<Route> {
  if (url.protocol !== 'https:') return { to: await admit(url, rules), proxy: null }
  const proxy = own ?? serverProxy(url, rules)
  if (proxy === null) return { to: await admit(url, rules), proxy }
  await admitNamed(url, rules)
  return { to: await admitProxy(proxy.url, rules, { chosenBy: own === null ? 'admin' : 'project' }), proxy }
}

function serverProxy(url: URL, { proxy = null, noProxy = [] }: EgressRules): HttpProxy | null {
  return isException(url, noProxy) ? null : proxy
}
