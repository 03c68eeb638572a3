import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '../platform/index.ts'
import type { Local, LogRef, ObjectFilter, ObjectRef } from './local.ts'
import { invalid } from './object-ref.ts'

const MAX_BODY = 4 * 1024 * 1024
const MOST_LINES = 100_000
/** lines that one who follows a log and does not read may have waiting; more ends his following */
const UNREAD_BYTES = 4 * 1024 * 1024

/** Answers a request of the socket; the body of the answer, or `STREAMED` when the answer was given otherwise. */
export async function command(request: IncomingMessage, response: ServerResponse, local: Local): Promise<unknown> {
  const url = URL.parse(request.url ?? '/', 'http://agent')
  if (url === null) throw invalid('The path is not one.')
  const query = (name: string) => url.searchParams.get(name) ?? undefined
  const route = `${request.method} ${url.pathname}`
  if (route === 'GET /objects') return local.objects(filterOf(query))
  if (route === 'GET /logs') return logs(response, local, query)
  const change = CHANGES[route]
  if (change === undefined)
    throw new AppError({ code: 'local/unknown-command', kind: 'missing', message: `The agent has no ${route}.` })
  return (await change(local, await bodyOf(request))) ?? {}
}

export const STREAMED = Symbol('streamed')

type Fields = Record<string, unknown>

const CHANGES: Readonly<Record<string, (local: Local, body: Fields) => Promise<unknown>>> = {
  'POST /apply': (local, body) => local.apply(manifestsOf(body)),
  'POST /image': (local, body) => local.setImage(refOf(body), textsOf(body.images)),
  'POST /scale': (local, body) =>
    local.scale(refOf(body), typeof body.replicas === 'number' ? body.replicas : Number.NaN),
  'POST /restart': (local, body) => local.restart(refOf(body)),
  'POST /delete': (local, body) => local.delete(refOf(body), { data: body.data === true })
}

async function logs(response: ServerResponse, local: Local, query: Query): Promise<unknown> {
  const ref = logRefOf(query)
  if (query('follow') !== 'true') return local.logs(ref)
  const stop = await local.followLogs(ref, {
    lines: (lines) => {
      if (response.writableLength > UNREAD_BYTES) response.destroy()
      else response.write(lines.map((line) => `${line}\n`).join(''))
    },
    ended: () => response.end()
  })
  response.once('close', stop)
  response.flushHeaders()
  return STREAMED
}

type Query = (name: string) => string | undefined

function filterOf(query: Query): ObjectFilter {
  const [kind, namespace, name] = [query('kind'), query('namespace'), query('name')]
  return {
    ...(kind !== undefined && { kind }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name })
  }
}

function logRefOf(query: Query): LogRef {
  const tail = Number(query('tail') ?? MOST_LINES)
  if (!Number.isInteger(tail) || tail < 0) throw invalid('tail is not a number of lines.')
  const [namespace = 'default', pod = '', container = null] = [query('namespace'), query('name'), query('container')]
  return { namespace, pod, container, tail: Math.min(tail, MOST_LINES) }
}

function manifestsOf({ manifests }: Fields): unknown[] {
  if (Array.isArray(manifests)) return manifests
  throw invalid('There are no manifests to apply.')
}

function refOf(body: Fields): ObjectRef {
  const text = (key: string) => (typeof body[key] === 'string' ? body[key] : '')
  return { kind: text('kind'), namespace: text('namespace'), name: text('name') }
}

function textsOf(given: unknown): Record<string, string> {
  const entries = Object.entries((given ?? {}) as Fields)
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

async function bodyOf(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY)
      throw new AppError({ code: 'local/too-large', kind: 'invalid', message: 'The manifests are larger than 4 MiB.' })
    chunks.push(chunk)
  }
  try {
    return (JSON.parse(Buffer.concat(chunks).toString('utf8')) ?? {}) as Fields
  } catch {
    throw invalid('The body is not JSON.')
  }
}
