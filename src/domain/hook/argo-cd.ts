import type { HookMessage, HookReading } from './hook.ts'
import { valuesIn } from './values.ts'

/**
 * A notification of Argo CD's `service.webhook`. Its body is whatever the template says: `app` and `revision` are
 * needed, `health` is obeyed, the rest is for parameters. Form: examples/hooks/argo-cd.yaml.
 */
export function readArgoCd({ body }: HookMessage): HookReading {
  const values = valuesIn(body)
  const app = values.get('app')
  const revision = values.get('revision')
  if (!app || !revision) return { ok: false, problem: 'The body of the notification must have "app" and "revision".' }
  const health = values.get('health')
  const heldBack = health !== undefined && health !== 'Healthy' ? `The application is ${health}, not Healthy.` : null
  const subject = `application ${app} at revision ${revision}`
  return { ok: true, event: { dedupeId: JSON.stringify([app, revision]), subject, revision, values, heldBack } }
}
