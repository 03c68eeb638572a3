import type { Framing } from './framer.ts'

export interface RequestHead {
  method: string
  headers: Headers
}

export interface ResponseHead {
  version: string
  status: number
  headers: Headers
}

/** in order, as they were written */
export type Headers = readonly (readonly [name: string, value: string])[]

const OPAQUE: Framing = { kind: 'opaque' }
const REQUEST_LINE = /^([!#$%&'*+.^_`|~A-Za-z0-9-]{1,20}) (\S+) HTTP\/1\.[01]$/
const STATUS_LINE = /^(HTTP\/1\.[01]) (\d{3})(?: (.*))?$/
const STATUS_BEGIN = 'HTTP/1.'

/** Whether bytes may be the beginning of a request of HTTP/1; asked of what may still be incomplete. */
export function maybeRequest(text: string): boolean {
  const end = text.indexOf('\r\n')
  if (end >= 0) return REQUEST_LINE.test(text.slice(0, end))
  return /^[!#$%&'*+.^_`|~A-Za-z0-9-]{1,20}($| )/.test(text)
}

export function maybeResponse(text: string): boolean {
  const end = text.indexOf('\r\n')
  if (end >= 0) return STATUS_LINE.test(text.slice(0, end))
  return text.slice(0, STATUS_BEGIN.length) === STATUS_BEGIN.slice(0, text.length)
}

export function readRequest(text: string): RequestHead | null {
  const [line = '', ...lines] = linesOf(text)
  const [, method] = REQUEST_LINE.exec(line) ?? []
  const headers = headersOf(lines)
  return method === undefined || headers === null ? null : { method, headers }
}

export function readResponse(text: string): ResponseHead | null {
  const [line = '', ...lines] = linesOf(text)
  const [, version, status] = STATUS_LINE.exec(line) ?? []
  const headers = headersOf(lines)
  return version === undefined || headers === null ? null : { version, status: Number(status), headers }
}

export function requestFraming({ headers }: RequestHead): Framing {
  return bodyFraming(headers, { kind: 'none' })
}

export function responseFraming({ status, headers }: ResponseHead, method: string): Framing {
  if (status === 101 || (method === 'CONNECT' && status < 300)) return OPAQUE
  if (method === 'HEAD' || hasNoBody(status)) return { kind: 'none' }
  return bodyFraming(headers, { kind: 'until-close' })
}

export function hasNoBody(status: number): boolean {
  return status < 200 || status === 204 || status === 304
}

/** Two answers to how long a body is are none: such a message passes as it is. */
function bodyFraming(headers: Headers, otherwise: Framing): Framing {
  const codings = valuesOf(headers, 'transfer-encoding')
  const lengths = valuesOf(headers, 'content-length')
  if (codings.length > 0) {
    const chunked = codings.length === 1 && /^chunked$/i.test(codings[0] ?? '')
    return chunked && lengths.length === 0 ? { kind: 'chunked' } : OPAQUE
  }
  if (lengths.length === 0) return otherwise
  const left = /^\d{1,15}$/.test(lengths[0] ?? '') && lengths.length === 1 ? Number(lengths[0]) : null
  return left === null ? OPAQUE : { kind: 'length', left }
}

function valuesOf(headers: Headers, wanted: string): string[] {
  return headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value)
}

function linesOf(text: string): string[] {
  return text.slice(0, -4).split('\r\n')
}

function headersOf(lines: readonly string[]): Headers | null {
  const headers: [string, string][] = []
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~A-Za-z0-9-]+):[ \t]*([^\r\n]*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) return null
    headers.push([name, value.trimEnd()])
  }
  return headers
}
