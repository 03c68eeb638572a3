import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { catalog } from './catalog.ts'
import { reviews } from './reviews.ts'
import type { Handler, ServiceContext } from './role.ts'
import { storefront } from './storefront.ts'

const ROLES: Record<string, Handler> = { catalog, reviews, storefront }

/**
 * One service of the sample shop as a process: `service.ts <role>`. It finds the others as a pod does, by
 * `<NAME>_SERVICE_HOST` and `_PORT`, and behaves as the tag of its image says.
 */
function start(role: string, env: NodeJS.ProcessEnv): void {
  const handler = ROLES[role]
  if (handler === undefined) throw new Error(`no role ${role}; there are ${Object.keys(ROLES).join(', ')}`)
  const context: ServiceContext = {
    version: (env.FAULTLINE_IMAGE ?? '').split(':').at(-1) ?? 'v1',
    pod: env.POD_NAME ?? role,
    url: (service) =>
      `http://${env[`${service.toUpperCase()}_SERVICE_HOST`]}:${env[`${service.toUpperCase()}_SERVICE_PORT`]}`
  }
  const server = createServer((request, response) => void answer({ request, response, handler, context }))
  server.listen(Number(env.PORT), '127.0.0.1', () => console.log(`${role} ${context.version} listens on ${env.PORT}`))
  process.on('SIGTERM', () => {
    server.close(() => process.exit(0))
    server.closeIdleConnections()
  })
}

async function answer(call: {
  request: IncomingMessage
  response: ServerResponse
  handler: Handler
  context: ServiceContext
}): Promise<void> {
  const { request, response, handler, context } = call
  const headers = { 'content-type': 'application/json', connection: 'close' }
  try {
    const body = request.url === '/healthz' ? { ok: true } : await handler(request.url ?? '/', context)
    response.writeHead(200, headers).end(JSON.stringify(body))
  } catch (error) {
    console.error(`${request.url}: ${error instanceof Error ? error.message : error}`)
    response.writeHead(503, headers).end(JSON.stringify({ error: 'unavailable' }))
  }
}

start(process.argv[2] ?? '', process.env)
