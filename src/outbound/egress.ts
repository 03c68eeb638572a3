import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { AppError } from '../platform/index.ts'
import { classOf, inBlock, isLoopback } from './address.ts'
import type { HttpProxy } from './proxy.ts'

export interface EgressRules {
  /** private hosts that may be called: `host`, `host:port` or a CIDR block */
  allow: readonly string[]
  /** ports of this server itself, never called on loopback */
  ownPorts: readonly number[]
  /** `allowed`: plain http to whatever `allow` names, for requests that carry no credentials; else to a loopback port that it names */
  plainHttp?: 'allowed'
  /** https goes through it; null or absent: directly */
  proxy?: HttpProxy | null
  /** hosts that are reached without it: `host`, `host:port`, `.domain`, a CIDR block, `*` */
  noProxy?: readonly string[]
}

export interface Admitted {
  /** the address to connect to: what was judged is what is called, whatever the name resolves to later */
  address: string
  family: 4 | 6
}

const SPOKEN: ReadonlySet<string> = new Set(['https:', 'http:', 'ssh:', 'tcp:'])
const PORTS: Record<string, number> = { 'https:': 443, 'ssh:': 22 }

/** Judges where a request may go. Every address that the name resolves to must be allowed. */
export async function admit(url: URL, rules: EgressRules): Promise<Admitted> {
  if (!SPOKEN.has(url.protocol)) throw blocked(url, 'only https, ssh, tcp and http are spoken')
  const host = hostOf(url)
  const addresses = await resolve(url, host)
  for (const { address } of addresses) judge({ url, host, address, rules })
  return firstOf(url, addresses)
}

/**
 * The same for a host behind a proxy, where a name that has no address here passes: what it means is then for the proxy
 * to say, and only proxies that the admin has named are used.
 */
export async function admitNamed(url: URL, rules: EgressRules): Promise<void> {
  const host = hostOf(url)
  const addresses = await resolve(url, host).catch(() => [])
  for (const { address } of addresses) judge({ url, host, address, rules })
}

/** Judges a proxy: the admin's own may be private; one that a project chose must be named with its port. */
export async function admitProxy(
  url: URL,
  rules: EgressRules,
  { chosenBy }: { chosenBy: 'admin' | 'project' }
): Promise<Admitted> {
  const host = hostOf(url)
  const port = portOf(url)
  const addresses = await resolve(url, host)
  for (const { address } of addresses) {
    refuseForbidden({ url, host, address, rules })
    const named = [host, address].some((name) => rules.allow.includes(`${name}:${port}`))
    if (chosenBy === 'project' && !named) throw unnamedProxy(host, port)
  }
  return firstOf(url, addresses)
}

function firstOf(url: URL, [first]: readonly { address: string; family: number }[]): Admitted {
  if (first === undefined) throw unreachable(url, 'the name has no address')
  return { address: first.address, family: first.family === 6 ? 6 : 4 }
}

function portOf(url: URL): number {
  return url.port === '' ? (PORTS[url.protocol] ?? 80) : Number(url.port)
}

/** As in the URL, without the brackets of IPv6 and the dot at the end. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

interface Case {
  url: URL
  host: string
  address: string
  rules: EgressRules
}

function refuseForbidden({ url, address, rules }: Case): void {
  if (classOf(address) === 'forbidden') throw blocked(url, `${address} is a link-local, metadata or reserved address`)
  if (isLoopback(address) && rules.ownPorts.includes(portOf(url))) throw blocked(url, 'it is this server itself')
}

function judge({ url, host, address, rules }: Case): void {
  refuseForbidden({ url, host, address, rules })
  const kind = classOf(address)
  const port = portOf(url)
  const named = rules.allow.some((entry) => entry === `${host}:${port}` || entry === `${address}:${port}`)
  const allowed = named || rules.allow.some((entry) => entry === host || entry === address || inBlock(address, entry))
  if (kind === 'private' && !allowed) throw privateHost(url, host, port)
  if (url.protocol !== 'http:' || (named && isLoopback(address))) return
  if (rules.plainHttp !== 'allowed')
    throw blocked(
      url,
      'plain http is spoken only to a loopback address that FAULTLINE_EGRESS_ALLOW names with its port'
    )
  if (!allowed) throw blocked(url, 'plain http is spoken only to hosts that FAULTLINE_EGRESS_ALLOW names')
}

async function resolve(url: URL, host: string): Promise<{ address: string; family: number }[]> {
  const family = isIP(host)
  if (family !== 0) return [{ address: host, family }]
  try {
    return await lookup(host, { all: true })
  } catch (cause) {
    throw unreachable(url, 'its name cannot be resolved', cause)
  }
}

export function unreachable(url: URL, why: string, cause?: unknown): AppError {
  return new AppError({
    code: 'outbound/unreachable',
    kind: 'transient',
    message: `${url.host} cannot be reached: ${why}.`,
    cause
  })
}

function blocked(url: URL, why: string): AppError {
  return new AppError({
    code: 'outbound/blocked',
    kind: 'stalled',
    message: `${url.protocol}//${url.host} is not called: ${why}.`
  })
}

function privateHost(url: URL, host: string, port: number): AppError {
  const message = `${url.host} is a private address. If it is meant, the admin allows it: FAULTLINE_EGRESS_ALLOW=${host}:${port}`
  return new AppError({
    code: 'outbound/private-host',
    kind: 'stalled',
    message,
    details: { allow: `${host}:${port}` }
  })
}

function unnamedProxy(host: string, port: number): AppError {
  const message = `The proxy ${host}:${port} is not one that the admin has named: FAULTLINE_EGRESS_ALLOW=${host}:${port}`
  const details = { allow: `${host}:${port}` }
  return new AppError({ code: 'outbound/proxy-not-allowed', kind: 'stalled', message, details })
}
