import type { FastifyInstance } from 'fastify'
import { API_PREFIX } from '../contract/index.ts'
import type { ApiOptions } from './context.ts'

/** Alertmanager's groups are the largest; what is longer is refused before it is parsed. */
const BODY_LIMIT = 256 * 1024
const HOOK_ID = /^[0-9a-z]{26}$/

/** Where other systems call to start something. A scope of its own: the body stays as it came, for its signature. */
export async function startHooks(scope: FastifyInstance, api: ApiOptions): Promise<void> {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  scope.route({
    method: 'POST',
    url: `${API_PREFIX}/hooks/start/:hook`,
    bodyLimit: BODY_LIMIT,
    schema: { operationId: 'startHook', summary: 'Another system says what happened: a hook may start a workflow' },
    handler: async (request, reply) => {
      const { hook } = request.params as { hook: string }
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const id = HOOK_ID.test(hook) ? hook : ''
      const decision = await api.hooks.hear(id, { headers: request.headers, body })
      // one answer for a wrong secret and no such hook
      if (decision === null) return reply.code(401).send({ ok: false })
      const { outcome, reason, request: asked } = decision
      return reply.code(202).send({ outcome, reason, request: asked })
    }
  })
}
