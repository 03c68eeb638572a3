import { AppError } from '../platform/index.ts'
import { unreachable } from './egress.ts'
import type { Route } from './route.ts'

interface Meaning {
  code: 'outbound/certificate-untrusted' | 'outbound/certificate-expired' | 'outbound/certificate-name'
  says: string
}

const UNTRUSTED = { code: 'outbound/certificate-untrusted' } as const
const EXPIRED = { code: 'outbound/certificate-expired' } as const

/** What Node says of a certificate (tls, "X509 certificate error codes"). */
const CERTIFICATES: Readonly<Record<string, Meaning>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: { ...UNTRUSTED, says: 'is signed by nobody but itself' },
  SELF_SIGNED_CERT_IN_CHAIN: { ...UNTRUSTED, says: 'is signed by an authority that is not trusted here' },
  UNABLE_TO_GET_ISSUER_CERT: { ...UNTRUSTED, says: 'is signed by an authority that is not known here' },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { ...UNTRUSTED, says: 'is signed by an authority that is not known here' },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { ...UNTRUSTED, says: 'is signed by an authority that is not known here' },
  CERT_SIGNATURE_FAILURE: { ...UNTRUSTED, says: 'has a signature that is not the authority’s' },
  CERT_HAS_EXPIRED: { ...EXPIRED, says: 'has expired' },
  CERT_NOT_YET_VALID: { ...EXPIRED, says: 'is not valid yet; or the clock of this server is wrong' },
  ERR_TLS_CERT_ALTNAME_INVALID: { code: 'outbound/certificate-name', says: 'is for another name' }
}

/** What Node and undici say of connections. */
const CONNECTIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it closed the connection',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  EPROTO: 'TLS failed; check that the address is an https one and the port right',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS is spoken there; check that the address is an https one and the port right',
  ETIMEDOUT: 'no connection came about in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  UND_ERR_SOCKET: 'it closed the connection'
}

const TUNNEL = /^Proxy response \((\d+)\)/

/** Why a request did not come to an answer, for people; what Node said is the cause. */
export function connectionError(url: URL, route: Route, thrown: unknown): AppError {
  const error: NodeJS.ErrnoException = thrown instanceof Error ? thrown : new Error(String(thrown))
  const certificate = CERTIFICATES[error.code ?? '']
  if (certificate !== undefined) {
    const message = `The certificate of ${url.host} ${certificate.says}.`
    return new AppError({ code: certificate.code, kind: 'stalled', message, cause: error })
  }
  return route.proxy === null ? unreachable(url, wordsOf(error), error) : proxyError(url, route.proxy.url, error)
}

function wordsOf({ code = '', message }: NodeJS.ErrnoException): string {
  const words = CONNECTIONS[code]
  return words === undefined ? (message.split('\n')[0] ?? '').slice(0, 200) : `${words} (${code})`
}

function proxyError(url: URL, { host }: URL, error: NodeJS.ErrnoException): AppError {
  const status = Number(TUNNEL.exec(error.message)?.[1])
  if (status === 407) {
    const message = `The proxy ${host} asks for a user name and password, and does not accept what it was given.`
    return new AppError({ code: 'outbound/proxy-auth', kind: 'stalled', message, cause: error })
  }
  if (status >= 500) return unreachable(url, `the proxy ${host} answers ${status}`, error)
  if (status > 0) {
    const message = `The proxy ${host} refuses to connect to ${url.host} (${status}): its rules must allow it.`
    return new AppError({ code: 'outbound/proxy-refused', kind: 'stalled', message, cause: error })
  }
  return unreachable(url, `the way is through the proxy ${host}: ${wordsOf(error)}`, error)
}
