import {
  type AnswerRule,
  comparatorText,
  compares,
  fieldsOf,
  inputAt,
  parseAnswerRule,
  plainText
} from '../../domain/index.ts'
import type { Probe, ProbeWorld } from '../../engine/index.ts'
import type { Outbound, OutboundAnswer } from '../../outbound/index.ts'
import { findPattern, patternProblem } from '../comparison.ts'
import { type Inputs, probeOf, type Sight } from '../probe-frame.ts'
import { httpProbeSchema } from './schema.ts'

const LARGEST_ANSWER = 1024 * 1024
const SHOWN_BODY = 200

interface Request extends AnswerRule {
  url: URL
  method: 'GET' | 'POST'
  sent: string | null
  contentType: string
  insecure: boolean
  /** null = the probe's timeout alone */
  responseTimeoutMs: number | null
}

/** One request through `outbound`, judged by its status and body. */
export function createHttpProbe(outbound: Outbound): Probe {
  return probeOf<Request>({
    schema: httpProbeSchema,
    read,
    look: (request, world) => look(outbound, request, world),
    asked: (request) => ({ what: askedText(request), wanted: wantedText(request) })
  })
}

function read(inputs: Inputs): Request | string {
  const post = inputAt(inputs, 'method.post')
  const posts = post !== undefined && post !== null
  const rule = parseAnswerRule(fieldsOf(posts ? post : inputAt(inputs, 'method.get')))
  if (typeof rule === 'string') return rule
  const wrong = rule.body === null ? null : patternProblem(rule.body)
  if (wrong !== null) return wrong
  const timeout = plainText(inputs.responseTimeout)
  return {
    ...rule,
    url: new URL(plainText(inputs.url)),
    method: posts ? 'POST' : 'GET',
    sent: posts ? plainText(fieldsOf(post).body) : null,
    contentType: plainText(fieldsOf(post).contentType) || 'text/plain',
    insecure: plainText(inputs.insecureSkipVerify).toLowerCase() === 'true',
    responseTimeoutMs: timeout === '' ? null : Number(timeout)
  }
}

async function look(outbound: Outbound, request: Request, world: ProbeWorld): Promise<Sight> {
  const { url, method, sent, contentType, insecure, responseTimeoutMs } = request
  const started = performance.now()
  const answer = await outbound.request(world.target.resolve(url, world.namespace), {
    method,
    // the name that people wrote, not the address behind it, is what the service hears
    headers: { host: url.host, ...(sent !== null && { 'content-type': contentType }) },
    ...(sent !== null && { body: sent }),
    signal: world.signal,
    deadlineMs: Math.min(responseTimeoutMs ?? world.timeoutMs, world.timeoutMs),
    maxBytes: LARGEST_ANSWER,
    insecure
  })
  return judge(request, answer, Math.round(performance.now() - started))
}

function judge(request: Request, answer: OutboundAnswer, ms: number): Sight {
  const { status, body: rule } = request
  const body = rule === null ? '' : answer.body.toString('utf8')
  const statusFits = status === null || compares(status, String(answer.status), findPattern)
  const bodyFits = rule === null || compares(rule, body, findPattern)
  const shown = statusFits && !bodyFits ? `, body ${JSON.stringify(body.slice(0, SHOWN_BODY))}` : ''
  const said = `${askedText(request)} answered ${answer.status} in ${ms} ms${shown}`
  return { passed: statusFits && bodyFits, evidence: `${said} (wanted ${wantedText(request)})` }
}

function askedText({ method, url }: Request): string {
  return `${method} ${url.href}`
}

function wantedText({ status, body }: AnswerRule): string {
  const parts: string[] = []
  if (status !== null) parts.push(`status ${comparatorText(status)}`)
  if (body !== null) parts.push(`body ${comparatorText(body)}`)
  return parts.join(' and ')
}
