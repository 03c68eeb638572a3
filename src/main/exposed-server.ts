import { lookup } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { AppError } from '../platform/index.ts'
import type { Identity } from './agent-identity.ts'

/** A socket that listens for connections, as the kernel lists it. */
interface Listener {
  port: number
  loopback: boolean
  uid: number
}

const LISTENING = '0A'

/**
 * Workloads run with the agent's uid. Beside a server that others reach they must not be able to read what the server
 * can: refuses a server on this machine that listens beyond loopback with our uid, and, as root, any other machine's
 * address. Where the kernel lists no sockets only the address counts.
 */
export async function refuseExposedServer(server: URL, identity: Identity): Promise<void> {
  const { hostname } = server
  const port = Number(server.port) || (server.protocol === 'https:' ? 443 : 80)
  if (identity.kept !== null && !isLoopbackHost(hostname)) {
    throw refusal(`The server ${server.origin} is reached beyond loopback, and ${identity.kept}.`)
  }
  if (!(await isThisMachine(hostname))) return
  const exposed = (await listeners()).some(
    (listener) => listener.port === port && !listener.loopback && listener.uid === identity.uid
  )
  if (exposed) {
    throw refusal(`The server on port ${port} listens beyond loopback, and runs with the agent's uid ${identity.uid}.`)
  }
}

export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** The lines of `/proc/net/tcp` and `tcp6` that are listening sockets. */
export function parseListeners(table: string): Listener[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , uid] = line.trim().split(/\s+/)
    const [address = '', port = ''] = local.split(':')
    if (state !== LISTENING || port === '') return []
    return [{ port: Number.parseInt(port, 16), loopback: isLoopbackHex(address), uid: Number(uid) }]
  })
}

/** The kernel writes each 32 bits in the machine's order: 127.0.0.1 is `0100007F`. */
function isLoopbackHex(address: string): boolean {
  if (address === '00000000000000000000000001000000') return true
  const v4 = address.length === 8 || address.startsWith('0000000000000000FFFF0000')
  return v4 && address.endsWith('7F')
}

async function listeners(): Promise<Listener[]> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'latin1').catch(() => ''))
  )
  return tables.flatMap(parseListeners)
}

async function isThisMachine(hostname: string): Promise<boolean> {
  if (isLoopbackHost(hostname)) return true
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => [])
  return found.some(({ address }) => own.some((known) => known.address === address))
}

function refusal(why: string): AppError {
  const message = `${why} A workload could then read the server's secrets. Give the agent a uid of its own (start it as another user, or as root with a checkout that FAULTLINE_AGENT_UID can read), or let the server listen on 127.0.0.1 alone.`
  return new AppError({ code: 'main/exposed-server', kind: 'invalid', message })
}
