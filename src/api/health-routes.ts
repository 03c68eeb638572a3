import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Secret } from '../platform/index.ts'
import { isAlive } from '../store/index.ts'
import type { Closing } from './closing.ts'
import type { ApiOptions } from './context.ts'
import { notFound, sendProblem } from './problem.ts'

/** Asked by machines, which come by an address and not by the public name. None of it is for a browser. */
const FOR_MACHINES = { schema: { hide: true }, config: { anyHost: true } }

/** `/healthz`: the process answers. `/readyz`: it can work, or why not. `/metrics`: figures, for who has the token. */
export async function healthRoutes(scope: FastifyInstance, api: ApiOptions, closing: Closing): Promise<void> {
  scope.get('/healthz', FOR_MACHINES, () => ({ ok: true, version: api.version }))
  scope.get('/readyz', FOR_MACHINES, async (_request, reply) => {
    const reasons = [
      ...((await isAlive(api.store.db)) ? [] : ['the database does not answer']),
      ...(closing.signal.aborted ? ['the server is ending'] : [])
    ]
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ok: reasons.length === 0, reasons })
  })
  scope.get('/metrics', FOR_MACHINES, async (request, reply) => {
    const { metricsToken } = api
    if (metricsToken === null) return sendProblem(reply, notFound(request))
    if (!carries(request, metricsToken)) return reply.code(401).header('www-authenticate', 'Bearer').send()
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await api.metrics.render())
  })
}

/** Compared as hashes: neither the time nor the length tells how much of it was right. */
function carries(request: FastifyRequest, token: Secret): boolean {
  const given = /^Bearer (\S{1,500})$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(token.reveal()))
}
