import { STATUS_CODES } from 'node:http'
import { deflateSync, gzipSync } from 'node:zlib'
import type { HttpBody, HttpHarm } from '../../engine/index.ts'
import { type Headers, hasNoBody, type ResponseHead } from './head.ts'

type AnswerHarm = HttpHarm & { kind: 'answer' }

export interface Rewritten {
  /** what is sent in place of the head */
  bytes: Buffer
  /** the body that follows is not sent */
  dropBody: boolean
}

const OF_THE_BODY = ['content-length', 'transfer-encoding', 'content-encoding', 'content-type', 'trailer', 'etag']

/** The head of an answer, and its body if that is replaced, as harm makes them. */
export function rewrite(head: ResponseHead, method: string, harm: AnswerHarm): Rewritten {
  const status = harm.status ?? head.status
  const silent = hasNoBody(status)
  const replaced = harm.body !== null || silent
  const content = silent || harm.body === null ? null : encoded(harm.body)
  const headers = edited(replaced ? without(head.headers, OF_THE_BODY) : head.headers, harm.headers)
  if (content !== null) headers.push(...contentHeaders(harm.body, content))
  // there was no body to begin with, and there may be one now: it is empty
  else if (!silent && hasNoBody(head.status)) headers.push(['content-length', '0'])
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const text = `${head.version} ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n`
  const body = content === null || method === 'HEAD' ? [] : [content]
  return { bytes: Buffer.concat([Buffer.from(text, 'latin1'), ...body]), dropBody: replaced }
}

function encoded({ text, encoding }: HttpBody): Buffer {
  const plain = Buffer.from(text, 'utf8')
  if (encoding === '') return plain
  return encoding === 'gzip' ? gzipSync(plain) : deflateSync(plain)
}

function contentHeaders(body: HttpBody | null, { length }: Buffer): [string, string][] {
  const encoding: [string, string][] = body?.encoding ? [['content-encoding', body.encoding]] : []
  return [['content-type', body?.contentType ?? ''], ...encoding, ['content-length', String(length)]]
}

/** An empty value removes the header. */
function edited(headers: Headers, changes: Readonly<Record<string, string>>): [string, string][] {
  const names = Object.keys(changes).map((name) => name.toLowerCase())
  const set = Object.entries(changes).filter(([, value]) => value !== '')
  return [...without(headers, names), ...set]
}

function without(headers: Headers, names: readonly string[]): [string, string][] {
  return headers.filter(([name]) => !names.includes(name.toLowerCase())).map(([name, value]) => [name, value])
}
