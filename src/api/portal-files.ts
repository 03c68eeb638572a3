import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Serves the built portal; every page of it is the same document with a fresh nonce for styles. */
export async function servePortal(app: FastifyInstance, folder: string): Promise<void> {
  const document = await readFile(join(folder, 'index.html'), 'utf8')
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d'
  })
  // pages are no part of the API
  const page = { schema: { hide: true } }
  app.get('/favicon.svg', page, (_request, reply) => reply.sendFile('favicon.svg', folder))
  for (const path of ['/', '/login', '/invitation', '/p/*'])
    app.get(path, page, (_request, reply) => sendDocument(reply, document))
}

function sendDocument(reply: FastifyReply, document: string): FastifyReply {
  const nonce = randomBytes(16).toString('base64')
  return reply
    .header('content-security-policy', contentSecurityPolicy(nonce))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(document.replaceAll('__CSP_NONCE__', nonce))
}

/** Style attributes are needed by the graph and the editor; no inline script, nothing from elsewhere. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'"
  ].join('; ')
}
