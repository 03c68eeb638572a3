import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { AppError } from '../platform/index.ts'
import { classOf, inBlock, isLoopback } from './address.ts'

export interface EgressRules {
  /** private hosts that may be called: `host`, `host:port` or a CIDR block */
  allow: readonly string[]
  /** ports of this server itself, never called on loopback */
  ownPorts: readonly number[]
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
  const [first] = addresses
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

function judge({ url, host, address, rules }: Case): void {
  const kind = classOf(address)
  const port = portOf(url)
  if (kind === 'forbidden') throw blocked(url, `${address} is a link-local, metadata or reserved address`)
  if (isLoopback(address) && rules.ownPorts.includes(port)) throw blocked(url, 'it is this server itself')
  const named = rules.allow.some((entry) => entry === `${host}:${port}` || entry === `${address}:${port}`)
  const allowed = named || rules.allow.some((entry) => entry === host || entry === address || inBlock(address, entry))
  if (kind === 'private' && !allowed) throw privateHost(url, host, port)
  if (url.protocol === 'http:' && !(named && isLoopback(address))) {
    throw blocked(
      url,
      'plain http is spoken only to a loopback address that FAULTLINE_EGRESS_ALLOW names with its port'
    )
  }
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
