import type { HookMessage, HookReading } from './hook.ts'
import { valuesIn } from './values.ts'

/**
 * A group of alerts as Alertmanager's `webhook_configs` posts it (version 4). A group that fires is told again and again:
 * it is one event as long as its oldest alert fires.
 */
export function readAlertmanager({ body }: HookMessage): HookReading {
  const values = valuesIn(body)
  const groupKey = values.get('groupKey')
  const status = values.get('status')
  if (!groupKey || !status) return { ok: false, problem: 'The body has no "groupKey" or no "status".' }
  const name = values.get('commonLabels.alertname') ?? values.get('groupLabels.alertname') ?? 'alerts'
  const heldBack = status === 'firing' ? null : `The alerts are ${status}, not firing.`
  const dedupeId = JSON.stringify([groupKey, status, oldestFiring(body)])
  return { ok: true, event: { dedupeId, subject: `${name} is ${status}`, revision: null, values, heldBack } }
}

/** RFC 3339 times of one place sort as text. */
function oldestFiring(body: unknown): string {
  const { alerts } = body as { alerts?: unknown }
  const listed: unknown[] = Array.isArray(alerts) ? alerts : []
  const firing = listed.map(valuesIn).filter((alert) => alert.get('status') === 'firing')
  return firing.map((alert) => alert.get('startsAt') ?? '').sort()[0] ?? ''
}
