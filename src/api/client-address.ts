import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/**
 * Who is on the other side: the peer, or, where that is a trusted proxy, whom the nearest trusted hop says it speaks for.
 * What a client itself writes into X-Forwarded-For is left of that and is not believed.
 */
export function clientAddress(request: FastifyRequest): string {
  return isIP(request.ip) === 0 ? (request.socket.remoteAddress ?? '') : request.ip
}
