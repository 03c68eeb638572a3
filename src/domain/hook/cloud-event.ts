import type { HookMessage, HookReading } from './hook.ts'
import { valuesIn } from './values.ts'

const STRUCTURED = 'application/cloudevents+json'

/** CloudEvents 1.0 over HTTP: structured (the event is the body) or binary (attributes are `ce-` headers, the body is the data). */
export function readCloudEvent(message: HookMessage): HookReading {
  const type = String(message.headers['content-type'] ?? '').toLowerCase()
  if (type.startsWith('application/cloudevents-batch'))
    return { ok: false, problem: 'Batches are not taken: send each event by itself.' }
  const values = valuesIn(type.startsWith(STRUCTURED) ? message.body : binary(message))
  const [id, source, kind] = ['id', 'source', 'type'].map((name) => values.get(name))
  if (values.get('specversion') !== '1.0')
    return { ok: false, problem: `The event is none of CloudEvents 1.0; a structured one has the type ${STRUCTURED}.` }
  if (!id || !source || !kind) return { ok: false, problem: 'The event has no id, no source or no type.' }
  const about = values.get('subject')
  const subject = `${kind} of ${source}${about === undefined ? '' : `, ${about}`}`
  const revision = values.get('data.revision') ?? null
  return { ok: true, event: { dedupeId: JSON.stringify([source, id]), subject, revision, values, heldBack: null } }
}

function binary({ headers, body }: HookMessage): Record<string, unknown> {
  const attributes = Object.entries(headers).filter(([name]) => name.startsWith('ce-'))
  return { ...Object.fromEntries(attributes.map(([name, text]) => [name.slice(3), decoded(String(text))])), data: body }
}

/** Header values are percent-encoded UTF-8; what is not well-formed stays as it came. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
