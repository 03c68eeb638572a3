import { fits } from '../event-policy/pattern.ts'
import { readAlertmanager } from './alertmanager.ts'
import { readArgoCd } from './argo-cd.ts'
import { readCloudEvent } from './cloud-event.ts'
import { readFlux } from './flux.ts'
import type { HookKind, HookMessage, HookReading } from './hook.ts'
import { oneLine } from './values.ts'

const READERS: Record<HookKind, (message: HookMessage) => HookReading> = {
  'argo-cd': readArgoCd,
  flux: readFlux,
  alertmanager: readAlertmanager,
  cloudevents: readCloudEvent
}

const LONGEST_SUBJECT = 300

/** What a message says, in the words of its sender. Total: whatever comes, it is an event or a problem. */
export function readHookEvent(kind: HookKind, message: HookMessage): HookReading {
  const reading = READERS[kind](message)
  if (!reading.ok) return reading
  return { ok: true, event: { ...reading.event, subject: oneLine(reading.event.subject, LONGEST_SUBJECT) } }
}

/** The first value that is not as the hook wants it (patterns of `*` and `?` by the value's path); null = all are. */
export function unwanted(only: Readonly<Record<string, string>>, values: ReadonlyMap<string, string>): string | null {
  for (const [name, pattern] of Object.entries(only)) {
    const value = values.get(name)
    if (value === undefined) return `It has no ${name}, which must be like ${pattern}.`
    if (!fits(pattern, value)) return `${name} is ${value}, not like ${pattern}.`
  }
  return null
}
