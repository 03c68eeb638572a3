import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiOptions } from './context.ts'

/** Each answer is counted, carries the id that the log has, and is a line in the log at debug. */
export function watchRequests(app: FastifyInstance, { metrics, log }: ApiOptions): void {
  const durations = metrics.histogram({
    name: 'faultline_http_request_duration_seconds',
    help: 'Requests to this server by operation and class of status; a stream lasts as long as it is open.'
  })
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id))
  app.addHook('onResponse', async (request, reply) => {
    const operation = operationOf(request)
    const { method } = request
    durations.observe(reply.elapsedTime / 1000, { operation, method: methodOf(method), status: classOf(reply) })
    const seen = { request: request.id, method, operation, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }
    log.debug(seen, 'request')
  })
}

/** As the contract names it, else the pattern of the route: never what somebody typed. */
function operationOf({ routeOptions }: FastifyRequest): string {
  const { schema, url } = routeOptions
  return (schema as { operationId?: string } | undefined)?.operationId ?? url ?? 'unknown'
}

function methodOf(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method) ? method : 'other'
}

function classOf({ statusCode }: FastifyReply): string {
  return `${Math.floor(statusCode / 100)}xx`
}
