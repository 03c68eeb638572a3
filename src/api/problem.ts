import type { FastifyReply } from 'fastify'
import type { ProblemDocument } from '../contract/index.ts'
import type { Problem } from '../domain/index.ts'
import { AppError, type ErrorKind } from '../platform/index.ts'

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  missing: 404,
  denied: 403,
  clash: 409,
  stalled: 422,
  transient: 503,
  bug: 500
}

const TITLES: Record<ErrorKind, string> = {
  invalid: 'The request is not valid',
  missing: 'Not found',
  denied: 'Not allowed',
  clash: 'The state has moved on',
  stalled: 'A person must act first',
  transient: 'Not available right now',
  bug: 'An error of Faultline'
}

/** Codes whose HTTP status is more exact than that of their kind. */
const EXACT: Record<string, number> = {
  'api/unauthenticated': 401,
  'api/stale': 412,
  'api/precondition-required': 428,
  'api/too-large': 413,
  'api/unsupported-media': 415,
  'accounts/wrong-login': 401,
  'accounts/too-many-tries': 429,
  'trigger/hook-limit': 429,
  'accounts/infrastructure-removed': 401,
  'accounts/agent-key-replaced': 401
}

/** A git host that does not answer is no failure of this server: 424, what it depends on has failed. */
function statusOf({ kind, code }: AppError): number {
  return kind === 'transient' && code.startsWith('git/') ? 424 : STATUS[kind]
}

/** RFC 9457. A bug's message stays in the log; its client learns the request id to ask for. */
function problemOf(error: AppError, requestId: string): ProblemDocument {
  const status = EXACT[error.code] ?? statusOf(error)
  const detail =
    error.kind === 'bug'
      ? `Something went wrong on our side. The log has it under request ${requestId}.`
      : error.message
  const { problems, ...details } = error.details as { problems?: Problem[] }
  return {
    type: `https://faultline.dev/errors/${error.code}`,
    title: TITLES[error.kind],
    status,
    code: error.code,
    detail,
    ...(problems !== undefined && { problems }),
    ...(Object.keys(details).length > 0 && { details })
  }
}

export function sendProblem(reply: FastifyReply, error: AppError): FastifyReply {
  const problem = problemOf(error, reply.request.id)
  const retryAfter = error.details.retryAfterSeconds
  if (typeof retryAfter === 'number') reply.header('retry-after', String(retryAfter))
  return reply.code(problem.status).type('application/problem+json').send(problem)
}

/** Which one it is, the validator says only in its parameters. */
function unknownField(error: Error): string {
  const { validation } = error as Error & { validation?: { params?: { additionalProperty?: string } }[] }
  const field = validation?.[0]?.params?.additionalProperty
  return field === undefined ? '' : ` (${field.slice(0, 100)})`
}

/** What Fastify itself refuses (schema, body size, media type), in our words. */
export function fromFastify(error: unknown): AppError | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  const { code, message, statusCode = 500 } = error as Error & { code: string; statusCode?: number }
  if (code === 'FST_ERR_VALIDATION')
    return invalid('api/invalid', `The request does not fit: ${message}${unknownField(error)}.`)
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return invalid('api/too-large', 'The body is larger than this route takes.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return invalid('api/unsupported-media', 'Send application/json, or application/yaml for a manifest.')
  if (code === 'FST_ERR_BAD_URL') return invalid('api/invalid', 'The path is not a well-formed address.')
  if (code.startsWith('FST_ERR_CTP')) return invalid('api/invalid', `The body cannot be read: ${message}.`)
  if (code.startsWith('FST_ERR_') && statusCode < 500)
    return invalid('api/invalid', `The request cannot be read: ${message}`)
  return null
}

function invalid(code: string, message: string): AppError {
  return new AppError({ code, kind: 'invalid', message })
}

export function notFound(request: { method: string; url: string }): AppError {
  const path = request.url.split('?')[0] ?? ''
  return new AppError({
    code: 'api/not-found',
    kind: 'missing',
    message: `There is nothing at ${request.method} ${path.slice(0, 200)}.`
  })
}
