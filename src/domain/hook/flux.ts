import type { HookMessage, HookReading } from './hook.ts'
import { valuesIn } from './values.ts'

/** Of kustomize-controller and helm-controller: something new is there, and it works. */
const DONE = ['ReconciliationSucceeded', 'InstallSucceeded', 'UpgradeSucceeded']

/**
 * An event of Flux' notification-controller, as its `generic-hmac` provider posts it (`eventv1.Event`). Older versions
 * put the group of the object before the names in `metadata`; newer ones take it off.
 */
export function readFlux({ body }: HookMessage): HookReading {
  const values = valuesIn(body)
  const [kind, namespace, name] = ['kind', 'namespace', 'name'].map((key) => values.get(`involvedObject.${key}`))
  const revision = metadata(values, 'revision')
  if (!kind || !name) return { ok: false, problem: 'The event names no involvedObject.' }
  const object = `${kind}/${namespace ?? ''}/${name}`
  const reason = values.get('reason') ?? ''
  const heldBack = heldBackBy({ severity: values.get('severity'), reason, revision })
  // a HelmRelease whose values alone changed keeps its revision; its token changes
  const dedupeId = JSON.stringify([object, revision ?? '', metadata(values, 'token') ?? ''])
  if (revision !== null) values.set('revision', revision)
  const subject = `${object}: ${reason || 'no reason'}${revision === null ? '' : ` at revision ${revision}`}`
  return { ok: true, event: { dedupeId, subject, revision, values, heldBack } }
}

function heldBackBy(event: { severity: string | undefined; reason: string; revision: string | null }): string | null {
  if (event.severity !== 'info' || !DONE.includes(event.reason))
    return `It tells of ${event.reason || 'nothing'} (${event.severity ?? 'no severity'}); ${DONE.join(', ')} start something.`
  return event.revision === null ? 'It names no revision.' : null
}

function metadata(values: ReadonlyMap<string, string>, key: string): string | null {
  const plain = values.get(`metadata.${key}`)
  if (plain !== undefined) return plain
  for (const [name, value] of values) if (name.startsWith('metadata.') && name.endsWith(`/${key}`)) return value
  return null
}
