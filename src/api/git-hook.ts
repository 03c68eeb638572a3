import type { FastifyInstance } from 'fastify'
import { API_PREFIX } from '../contract/index.ts'
import type { ApiOptions } from './context.ts'

/** GitHub's largest body; others send less. Only signed, never parsed. */
const BODY_LIMIT = 25 * 1024 * 1024

/** Where git hosts knock. A scope of its own: whatever content type comes, the body stays bytes. */
export async function gitHooks(scope: FastifyInstance, api: ApiOptions): Promise<void> {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  scope.route({
    method: 'POST',
    url: `${API_PREFIX}/hooks/git/:project`,
    bodyLimit: BODY_LIMIT,
    schema: { operationId: 'gitHook', summary: 'A git host says that something was pushed' },
    handler: async (request, reply) => {
      const { project } = request.params as { project: string }
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const heard = await api.sync.hook(project, { body, headers: request.headers })
      // one answer for a wrong secret, a project without one, and no such project
      if (!heard) return reply.code(401).send({ ok: false })
      return reply.code(202).send({ ok: true })
    }
  })
}
