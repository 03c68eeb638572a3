import { AppError, Secret } from '../platform/index.ts'
import { inBlock } from './address.ts'

/** An HTTP proxy: connections to https hosts go through it (`CONNECT`), end to end encrypted. */
export interface HttpProxy {
  /** scheme (how the proxy itself is spoken to), host and port */
  url: URL
  username: string
  /** null: the proxy asks for none */
  password: Secret | null
}

/**
 * `http://proxy.example.com:3128`, also with `user:password@` as environments give it. Rejects with
 * `outbound/bad-proxy`, without repeating what was given: it may hold a password.
 */
export function parseProxy(text: string): HttpProxy {
  if (!URL.canParse(text.trim())) throw badProxy('this is no address')
  const url = new URL(text.trim())
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw badProxy('only http and https proxies are spoken to')
  if (url.pathname.length > 1 || url.search !== '' || url.hash !== '') throw badProxy('nothing follows host and port')
  const password = url.password === '' ? null : new Secret(decoded(url.password))
  return { url: new URL(url.origin), username: decoded(url.username), password }
}

/** As git gets it; a secret where the proxy has a password. */
export function proxyAddress({ url, username, password }: HttpProxy): string {
  const user = encodeURIComponent(username.toWellFormed())
  const login = password === null ? user : `${user}:${encodeURIComponent(password.reveal().toWellFormed())}`
  return `${url.protocol}//${login === '' ? '' : `${login}@`}${url.host}`
}

export function proxyAuthorization({ username, password }: HttpProxy): string | null {
  if (username === '' && password === null) return null
  return `Basic ${Buffer.from(`${username}:${password?.reveal() ?? ''}`).toString('base64')}`
}

/** Whether a list of exceptions names the host: `host`, `host:port`, `.domain` (and all below it), a CIDR block, `*`. */
export function isException(url: URL, entries: readonly string[]): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port || '443'
  return entries.some((entry) => {
    const name = entry.toLowerCase()
    if (name === '*' || name === host || name === `${host}:${port}`) return true
    return host.endsWith(name.startsWith('.') ? name : `.${name}`) || inBlock(host, name)
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw badProxy('user name or password is not percent-encoded')
  }
}

function badProxy(why: string): AppError {
  const message = `This is no HTTP proxy: ${why}. It looks like http://proxy.example.com:3128`
  return new AppError({ code: 'outbound/bad-proxy', kind: 'invalid', message })
}
