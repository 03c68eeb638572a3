/** Who calls a hook that starts something; each in its own format. */
export const HOOK_KINDS = ['argo-cd', 'flux', 'alertmanager', 'cloudevents'] as const
export type HookKind = (typeof HOOK_KINDS)[number]

export const HOOK_SENDERS: Record<HookKind, string> = {
  'argo-cd': 'Argo CD',
  flux: 'Flux',
  alertmanager: 'Alertmanager',
  cloudevents: 'a CloudEvent'
}

export const HOOK_OUTCOMES = ['triggered', 'not-triggered', 'failed'] as const
export type HookOutcome = (typeof HOOK_OUTCOMES)[number]

/** What a sender tells, in words that do not depend on who it is. */
export interface HookEvent {
  /** the same for every repetition, and for no other event of this hook */
  dedupeId: string
  /** one line for people */
  subject: string
  /** of what was released; null = the event is about no release */
  revision: string | null
  /** every single value of the event by its path, as `commonLabels.severity`: data, which parameters may name */
  values: ReadonlyMap<string, string>
  /** why it is no reason to start anything, by its own words; null = it is one */
  heldBack: string | null
}

/** `problem`: what is missing or wrong, for whoever set up the sender. */
export type HookReading = { ok: true; event: HookEvent } | { ok: false; problem: string }

export interface HookMessage {
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** parsed JSON, or the text where it is none */
  body: unknown
}
