import { type BodyRule, bodyRule, isBodyCriteria, parseStatusRule, type StatusRule } from './criteria.ts'

/** The inputs of one httpProbe, parsed. */
export interface HttpInputs {
  url: URL
  method: 'GET' | 'POST'
  body: string | null
  contentType: string
  insecure: boolean
  /** ms; null = the probe's timeout alone */
  responseTimeoutMs: number | null
  status: StatusRule | null
  content: BodyRule | null
}

type Fields = Readonly<Record<string, unknown>>

/** Litmus' inputs as written, or sentences about what is wrong with them. */
export function parseHttpInputs(inputs: Fields): HttpInputs | string[] {
  const problems: string[] = []
  const url = readUrl(inputs.url, problems)
  const called = readMethod(inputs.method, problems)
  const timeout = readTimeout(inputs.responseTimeout, problems)
  const rules = readRules(called.fields, problems)
  if (problems.length > 0 || url === null) return problems
  return {
    url,
    method: called.method,
    body: called.method === 'POST' ? text(called.fields.body) : null,
    contentType: text(called.fields.contentType) || 'text/plain',
    insecure: inputs.insecureSkipVerify === true || inputs.insecureSkipVerify === 'true',
    responseTimeoutMs: timeout,
    ...rules
  }
}

function readUrl(value: unknown, problems: string[]): URL | null {
  const written = text(value)
  if (written !== '' && URL.canParse(written)) {
    const url = new URL(written)
    if (url.username !== '' || url.password !== '') {
      problems.push('url carries credentials; they do not belong into a workflow')
      return null
    }
    if (/^https?:$/.test(url.protocol)) return url
  }
  problems.push(`url "${written}" is no http or https address`)
  return null
}

function readMethod(value: unknown, problems: string[]): { method: 'GET' | 'POST'; fields: Fields } {
  const method = fieldsOf(value)
  const get = method?.get
  const post = method?.post
  if ((get === undefined || get === null) === (post === undefined || post === null)) {
    problems.push('method needs either get or post')
    return { method: 'GET', fields: {} }
  }
  const fields = fieldsOf(get ?? post)
  if (fields?.bodyPath !== undefined) problems.push('bodyPath is not supported: give the body itself')
  return { method: get ? 'GET' : 'POST', fields: fields ?? {} }
}

function readRules(fields: Fields, problems: string[]): Pick<HttpInputs, 'status' | 'content'> {
  const criteria = text(fields.criteria) || '=='
  const code = text(fields.responseCode)
  const body = text(fields.responseBody)
  const content = body === '' ? null : bodyRule(criteria, body)
  if (code === '') {
    if (content === null) problems.push('responseCode or responseBody is needed')
    return { status: null, content }
  }
  const status = parseStatusRule(content !== null && isBodyCriteria(criteria) ? '==' : criteria, code)
  if (typeof status !== 'string') return { status, content }
  problems.push(status)
  return { status: null, content }
}

function readTimeout(value: unknown, problems: string[]): number | null {
  if (value === undefined || value === null || value === '') return null
  const ms = Number(value)
  if (Number.isFinite(ms) && ms > 0 && ms <= 600_000) return ms
  problems.push(`responseTimeout "${text(value)}" is no number of milliseconds up to 600000`)
  return null
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(',')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
