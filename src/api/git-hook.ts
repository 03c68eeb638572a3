import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { API_PREFIX } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'
import type { ApiOptions } from './context.ts'

/** GitHub's largest body; others send less. Only signed, never parsed, and never kept: anybody may send one. */
const BODY_LIMIT = 25 * 1024 * 1024

/** Where git hosts knock. A scope of its own: whatever content type comes, the body stays a stream of bytes. */
export async function gitHooks(scope: FastifyInstance, api: ApiOptions): Promise<void> {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (_request, body, done) => done(null, body))
  scope.route({
    method: 'POST',
    url: `${API_PREFIX}/hooks/git/:project`,
    bodyLimit: BODY_LIMIT,
    schema: { operationId: 'gitHook', summary: 'A git host says that something was pushed' },
    handler: async (request, reply) => {
      const { project } = request.params as { project: string }
      const heard = await api.sync.hook(project, { body: bodyOf(request), headers: request.headers })
      // one answer for a wrong secret, a project without one, and no such project
      if (!heard) return reply.code(401).send({ ok: false })
      return reply.code(202).send({ ok: true })
    }
  })
}

async function* bodyOf({ body, headers }: FastifyRequest): AsyncGenerator<Uint8Array> {
  let bytes = 0
  if (Number(headers['content-length']) > BODY_LIMIT) throw tooLarge()
  try {
    for await (const part of (body ?? []) as Readable | Uint8Array[]) {
      bytes += part.length
      if (bytes > BODY_LIMIT) throw tooLarge()
      yield part
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw invalid('api/cut-off', 'The body ended before its end.')
  }
}

function tooLarge(): AppError {
  return invalid('api/too-large', 'The body is larger than this route takes.')
}

function invalid(code: string, message: string): AppError {
  return new AppError({ code, kind: 'invalid', message })
}
