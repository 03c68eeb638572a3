import type { Probe, ProbeCheck, ProbeWorld } from '../../engine/index.ts'
import type { Outbound, OutboundAnswer } from '../../outbound/index.ts'
import { toAppError } from '../../platform/index.ts'
import { bodyMatches, statusMatches, statusRuleText } from './criteria.ts'
import { type HttpInputs, parseHttpInputs } from './inputs.ts'
import { httpProbeSchema } from './schema.ts'

const LARGEST_ANSWER = 1024 * 1024
const SHOWN_BODY = 200

/** One request through `outbound`, judged by its status and body. */
export function createHttpProbe(outbound: Outbound): Probe {
  return {
    schema: httpProbeSchema,
    parse: (written) => {
      const inputs = parseHttpInputs(written)
      if (!Array.isArray(inputs)) return { ok: true, check: (world) => check(outbound, inputs, world) }
      const problem = (message: string) =>
        ({ code: 'probes/bad-input', message: `httpProbe: ${message}`, severity: 'error' }) as const
      return { ok: false, problems: inputs.map(problem) }
    }
  }
}

async function check(outbound: Outbound, inputs: HttpInputs, world: ProbeWorld): Promise<ProbeCheck> {
  const deadlineMs = Math.min(inputs.responseTimeoutMs ?? world.timeoutMs, world.timeoutMs)
  const asked = `${inputs.method} ${inputs.url.href}`
  const started = performance.now()
  const took = () => Math.round(performance.now() - started)
  try {
    const url = world.target.resolve(inputs.url, world.namespace)
    const answer = await outbound.request(url, {
      method: inputs.method,
      headers: headersOf(inputs),
      ...(inputs.body !== null && { body: inputs.body }),
      signal: world.signal,
      deadlineMs,
      maxBytes: LARGEST_ANSWER,
      insecure: inputs.insecure
    })
    const ms = took()
    return { ...judge(inputs, answer, `${asked} answered ${answer.status} in ${ms} ms`), ms }
  } catch (error) {
    const { code, message } = toAppError(error)
    const what = code === 'outbound/timeout' ? `no answer within ${deadlineMs} ms` : message
    return { passed: false, evidence: `${asked}: ${what} (expected ${expectedText(inputs)})`, ms: took() }
  }
}

/** the name that people wrote, not the address behind it, is what the service hears */
function headersOf({ url, body, contentType }: HttpInputs): Record<string, string> {
  return { host: url.host, ...(body !== null && { 'content-type': contentType }) }
}

function judge(inputs: HttpInputs, answer: OutboundAnswer, said: string): Omit<ProbeCheck, 'ms'> {
  const { status, content } = inputs
  const body = content === null ? '' : answer.body.toString('utf8')
  const statusFits = status === null || statusMatches(status, answer.status)
  const bodyFits = content === null || bodyMatches(content, body)
  const shown = statusFits && !bodyFits ? `, body ${JSON.stringify(body.slice(0, SHOWN_BODY))}` : ''
  return { passed: statusFits && bodyFits, evidence: `${said}${shown} (expected ${expectedText(inputs)})` }
}

function expectedText({ status, content }: HttpInputs): string {
  const parts: string[] = []
  if (status !== null) parts.push(statusRuleText(status))
  if (content !== null) parts.push(`body ${content.criteria} ${JSON.stringify(content.text.slice(0, SHOWN_BODY))}`)
  return parts.join(' and ')
}
