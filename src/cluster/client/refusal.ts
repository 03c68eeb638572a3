import { textAt, treesAt } from '../../domain/index.ts'
import { AppError } from '../../platform/index.ts'

/** An answer of the API server that is a no. */
export interface Refusal {
  /** `GET /apis/apps/v1/deployments` */
  what: string
  status: number
  /** body, a `Status` object where the API server itself wrote it */
  text: string
  /** the server's time (`date` header); null = not told */
  serverTime: Date | null
  now: Date
  /** where the credentials come from */
  from: string
}

const SKEW_MS = 60_000
const LONGEST = 500

/** What an API server's no means. Codes: `cluster/` not-signed-in, not-allowed, missing, clash, gone, invalid, busy, held-back, away. */
export function refusalError(refusal: Refusal): AppError {
  const { what, status, from } = refusal
  const said = saidIn(refusal.text)
  const error = (code: string, kind: AppError['kind'], message: string) =>
    new AppError({ code: `cluster/${code}`, kind, message, details: { status } })
  const answered = `The API server answered ${status} to ${what}: ${said}`
  switch (status) {
    case 401:
      return error('not-signed-in', 'stalled', `${notSignedIn(from)}${skewText(refusal)}`)
    case 403:
      return error('not-allowed', 'denied', missingRight(said, what))
    case 404:
      return error('missing', 'missing', answered)
    case 409:
      return error('clash', 'clash', answered)
    case 410:
      return error('gone', 'clash', answered)
    case 429: {
      const budget = budgetIn(refusal.text)
      return budget === null ? error('busy', 'transient', answered) : error('held-back', 'clash', budget)
    }
    default:
      return status >= 500 ? error('away', 'transient', answered) : error('invalid', 'invalid', answered)
  }
}

function notSignedIn(from: string): string {
  return `The API server does not accept the credentials from ${from} (401): they are wrong, or have expired. Give new ones.`
}

function skewText({ serverTime, now }: Refusal): string {
  if (serverTime === null) return ''
  const skewMs = now.getTime() - serverTime.getTime()
  if (Math.abs(skewMs) < SKEW_MS) return ''
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  return ` The clock of this machine is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the API server's: set it first.`
}

/** `deployments.apps is forbidden: User "u" cannot list resource "deployments" in API group "apps" in the namespace "shop"` */
const FORBIDDEN =
  /User "([^"]*)" cannot (\S+) resource "([^"]*)"(?: in API group "([^"]*)")?(?: in the namespace "([^"]*)"| at the cluster scope)?/

function missingRight(said: string, what: string): string {
  const [, user, verb, resource, group, namespace] = FORBIDDEN.exec(said) ?? []
  if (user === undefined) return `The API server does not allow ${what} (403): ${said}`
  const place = namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`
  const of = group ? `${resource} of API group ${group}` : resource
  return `${user} lacks the right to ${verb} ${of} ${place} (403): add it to the account's role.`
}

function saidIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    if (typeof message === 'string') return message.slice(0, LONGEST)
  } catch {
    // not the API server's own word: shown as it is
  }
  return text.slice(0, LONGEST)
}

/** What a PodDisruptionBudget says to an eviction; null: it is not what says no. */
function budgetIn(text: string): string | null {
  try {
    const causes = treesAt(JSON.parse(text), 'details', 'causes')
    const budget = causes.find(({ reason }) => reason === 'DisruptionBudget')
    return budget === undefined ? null : (textAt(budget, 'message') ?? saidIn(text)).slice(0, LONGEST)
  } catch {
    return null
  }
}

/** Why OpenSSL does not trust a server. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
])

/** What a connection that failed means. Codes: `cluster/` untrusted, wrong-time (a person must act), silent, away. */
export function connectionError(thrown: unknown, { server, from }: { server: URL; from: string }): AppError {
  if (thrown instanceof AppError) return thrown
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown))
  const code = codeOf(cause)
  const at = server.origin
  const stalled = (slug: string, message: string) =>
    new AppError({ code: `cluster/${slug}`, kind: 'stalled', message, cause })
  if (UNTRUSTED.has(code))
    return stalled('untrusted', `${at} shows a certificate that the authority in ${from} did not sign (${code}).`)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return stalled('untrusted', `The certificate of ${at} is for other names: ${cause.message}.`)
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED')
    return stalled('wrong-time', `The certificate of ${at} is not valid now (${code}): is the clock right?`)
  if (code === 'UND_ERR_BODY_TIMEOUT') {
    const message = `The API server ${at} fell silent: the connection may be half open.`
    return new AppError({ code: 'cluster/silent', kind: 'transient', message, cause })
  }
  const message = `The API server ${at} cannot be reached: ${cause.message || code}.`
  return new AppError({ code: 'cluster/away', kind: 'transient', message, cause })
}

function codeOf(error: Error): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  if (cause instanceof Error && !String(code ?? '').includes('CERT')) return codeOf(cause)
  return typeof code === 'string' ? code : ''
}
