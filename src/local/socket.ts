import { lstat, mkdir, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { AppError, toAppError } from '../platform/index.ts'
import { folderInUse } from './folder-lock.ts'
import type { Local } from './local.ts'
import { socketPath } from './socket-path.ts'

const MAX_BODY = 4 * 1024 * 1024
const STATUS: Record<string, number> = { invalid: 400, missing: 404, clash: 409 }

/** The agent's own door for the person at this machine: HTTP on a Unix socket that only its user may open. */
export async function openSocket(folder: string, local: Local): Promise<{ close(): Promise<void> }> {
  const path = socketPath(folder)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await requirePrivate(dirname(path))
  if (await answers(path)) throw folderInUse(folder)
  await rm(path, { force: true })
  const server = createServer((request, response) => {
    handle(request, local).then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => {
        const { code, kind, message } = toAppError(error)
        response
          .writeHead(STATUS[kind] ?? 500, { 'content-type': 'application/json' })
          .end(JSON.stringify({ code, kind, message }))
      }
    )
  })
  await listen(server, path)
  return { close: () => close(server) }
}

/** 0600 from its first moment on: the mask is that of the whole process, so it holds for this one call only. */
function listen(server: Server, path: string): Promise<void> {
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject).once('listening', resolve)
  })
  const mask = process.umask(0o177)
  try {
    server.listen(path)
  } finally {
    process.umask(mask)
  }
  return listening
}

/** Anyone may make a folder in /tmp: one that is not ours alone is refused. */
async function requirePrivate(folder: string): Promise<void> {
  const found = await lstat(folder)
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0) return
  const message = `The folder ${folder} of the agent's socket belongs to someone else, or others may enter it. Give it to the agent's user with mode 0700, or remove it.`
  throw new AppError({ code: 'local/open-folder', kind: 'stalled', message })
}

async function handle(request: IncomingMessage, local: Local): Promise<unknown> {
  const url = URL.parse(request.url ?? '/', 'http://agent')
  if (url === null) throw new AppError({ code: 'local/invalid', kind: 'invalid', message: 'The path is not one.' })
  const query = (name: string) => url.searchParams.get(name) ?? undefined
  const route = `${request.method} ${url.pathname}`
  if (route === 'GET /objects') return local.objects(filterOf(query))
  if (route === 'GET /logs') return local.logs(query('namespace') ?? 'default', query('name') ?? '')
  if (route === 'POST /apply') return local.apply(manifestsOf(await bodyOf(request)))
  if (route === 'POST /image') {
    const { kind, namespace, name, images } = imageOf(await bodyOf(request))
    await local.setImage({ kind, namespace, name }, images)
    return {}
  }
  throw new AppError({ code: 'local/unknown-command', kind: 'missing', message: `The agent has no ${route}.` })
}

function filterOf(query: (name: string) => string | undefined) {
  const [kind, namespace, name] = [query('kind'), query('namespace'), query('name')]
  return {
    ...(kind !== undefined && { kind }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name })
  }
}

function manifestsOf(body: unknown): unknown[] {
  const { manifests } = (body ?? {}) as { manifests?: unknown }
  if (Array.isArray(manifests)) return manifests
  throw new AppError({ code: 'local/invalid', kind: 'invalid', message: 'There are no manifests to apply.' })
}

function imageOf(body: unknown): { kind: string; namespace: string; name: string; images: Record<string, string> } {
  const given = (body ?? {}) as Record<string, unknown>
  const text = (key: string) => (typeof given[key] === 'string' ? given[key] : '')
  const images = Object.entries((given.images ?? {}) as Record<string, unknown>).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string'
  )
  return { kind: text('kind'), namespace: text('namespace'), name: text('name'), images: Object.fromEntries(images) }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY)
      throw new AppError({ code: 'local/too-large', kind: 'invalid', message: 'The manifests are larger than 4 MiB.' })
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new AppError({ code: 'local/invalid', kind: 'invalid', message: 'The body is not JSON.' })
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
