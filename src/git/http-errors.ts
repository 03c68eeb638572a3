import type { OutboundAnswer } from '../outbound/index.ts'
import { AppError, type ErrorKind, toAppError } from '../platform/index.ts'
import { CERTIFICATE_ADVICE } from './errors.ts'
import type { GitRemote } from './git.ts'

type Answer = Pick<OutboundAnswer, 'status' | 'headers'>
type Asked = Pick<GitRemote, 'url' | 'token'>

interface Meaning {
  code: string
  kind: ErrorKind
  message: string
}

/** Nobody is made to wait longer by a header, ms. */
const LONGEST_WAIT_MS = 24 * 3600_000

/**
 * What a git host's answer means where it is no success. Whoever asks for a pause (`Retry-After`, RFC 9110 10.2.3) has it
 * in `details.retryAt`.
 */
export function answerError(answer: Answer, { url, token }: Asked, now = new Date()): AppError | null {
  if (answer.status === 200) return null
  const retryAt = retryTime(answer, now)
  const place = new URL(url)
  const { code, kind, message } = token === null && answer.status === 401 ? noToken(place) : meaningOf(answer, place)
  if (retryAt === null) return new AppError({ code, kind, message })
  const until = `${message} It asks not to be asked again before ${retryAt.toISOString().slice(0, 19)}Z, and is not.`
  return new AppError({ code, kind, message: until, details: { retryAt: retryAt.toISOString() } })
}

function noToken({ host }: URL): Meaning {
  return { code: 'git/auth', kind: 'stalled', message: `${host} asks for a token (401), and there is none yet.` }
}

function meaningOf({ status, headers }: Answer, url: URL): Meaning {
  if (isBusy({ status, headers })) return transient('git/busy', `asks for fewer requests (${status}).`)
  if (status >= 300 && status < 400) return moved(url, String(headers.location ?? ''))
  if (status === 401)
    return stalled(
      'git/auth',
      'does not accept this token (401): it is wrong, expired, or was revoked. Make a new one.'
    )
  if (status === 403)
    return stalled(
      'git/forbidden',
      'knows this token and forbids it the repository (403): give it the right to read and write, or look for a rule of the organisation (single sign-on, allowed addresses).'
    )
  if (status === 404 || status === 410)
    return stalled(
      'git/not-found',
      `has no such repository (${status}), or the token may not see it: check the address, and what the token is for.`
    )
  if (status >= 500)
    return transient('git/host-error', `answers with an error of its own (${status}); it is tried again.`)
  return stalled('git/bad-answer', `answers ${status}, which no git server does here: check the repository address.`)

  function stalled(code: string, says: string): Meaning {
    return { code, kind: 'stalled', message: `${url.host} ${says}` }
  }
  function transient(code: string, says: string): Meaning {
    return { code, kind: 'transient', message: `${url.host} ${says}` }
  }
}

/** Redirects are not followed: the token would go where nobody has said. */
function moved(url: URL, location: string): Meaning {
  const code = 'git/redirect'
  const kind = 'stalled'
  if (location === '' || !URL.canParse(location, url.href))
    return { code, kind, message: `${url.host} sends to another address: give the one that the repository has now.` }
  const to = new URL(location, url)
  const place = `${to.protocol}//${to.host}${to.pathname.replace(/\/(info\/refs|git-(upload|receive)-pack)$/, '')}`
  const other = to.host === url.host ? '' : ' That is another host; the token was not sent there.'
  return {
    code,
    kind,
    message: `${url.host} sends to ${place.slice(0, 300)}: give that address if it is meant.${other}`
  }
}

/** GitHub says 403 too, of limits that are not by the hour; no other 403 has the header. */
function isBusy({ status, headers }: Answer): boolean {
  return status === 429 || (status === 403 && headers['retry-after'] !== undefined)
}

function retryTime({ status, headers }: Answer, now: Date): Date | null {
  if (!isBusy({ status, headers }) && status < 500) return null
  const text = String(headers['retry-after'] ?? '').trim()
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime()
  if (Number.isNaN(ms) || ms <= 0) return null
  return new Date(now.getTime() + Math.min(ms, LONGEST_WAIT_MS))
}

/** What kept a request from an answer, in the words of a repository: own codes, and what to do about it. */
export function exchangeError(thrown: unknown): AppError {
  const { code, message, kind, details } = toAppError(thrown)
  const own = OWN[code]
  if (own === undefined) return toAppError(thrown)
  const text = own.advice === '' ? message : `${message} ${own.advice}`
  return new AppError({ code: own.code, kind, details, message: text, cause: thrown })
}

const OWN: Readonly<Record<string, { code: string; advice: string }>> = {
  'outbound/certificate-untrusted': { code: 'git/certificate-untrusted', advice: CERTIFICATE_ADVICE.untrusted },
  'outbound/certificate-expired': { code: 'git/certificate-expired', advice: 'Whoever runs the host renews it.' },
  'outbound/certificate-name': {
    code: 'git/certificate-name',
    advice:
      'Use the name that it was made for in the address, or give the host a certificate for this one. If neither helps, somebody may be in between.'
  },
  'outbound/proxy-auth': { code: 'git/proxy', advice: 'Check user name and password of the proxy.' },
  'outbound/proxy-refused': { code: 'git/proxy', advice: '' },
  'outbound/timeout': { code: 'git/timeout', advice: '' },
  'outbound/unreachable': { code: 'git/unreachable', advice: '' }
}
