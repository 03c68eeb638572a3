import type { FieldChange } from './aspects.ts'
import { changeSentence } from './change-words.ts'
import { HOOK_SENDERS, type HookKind } from './hook/hook.ts'

/** Why a run exists, kept whole on its request and shown as its headline. */
export type Cause =
  | { kind: 'manual'; user: string }
  /** `token`: the name of the API token; missing where it was not noted yet */
  | { kind: 'api'; user: string; token?: string }
  /** a commit of a person: its trailer asks for the run, or it added or changed the workflow */
  | { kind: 'git'; commit: string; author: string; why: 'trailer' | 'added' | 'changed' }
  /** the clock: `at` is the instant that was planned, `startBy` the last one at which it may still begin (ISO 8601) */
  | { kind: 'schedule'; at: string; startBy: string; words: string; madeUp: boolean }
  /** another system called a hook: `name` of the hook, `subject` of the event as people read it */
  | { kind: 'hook'; hook: string; name: string; sender: HookKind; subject: string; revision: string | null }
  | {
      kind: 'workload-change'
      change: string
      infrastructure: string
      workload: { kind: string; namespace: string; name: string; uid: string }
      /** the event policy that asked for it; missing: the workload's own annotation */
      policy?: string
      changes: readonly FieldChange[]
    }

const KINDS: Record<Cause['kind'], true> = {
  manual: true,
  api: true,
  git: true,
  schedule: true,
  hook: true,
  'workload-change': true
}
export const CAUSE_KINDS = Object.keys(KINDS) as readonly Cause['kind'][]

/** One sentence: "the image of deployment/cart changed from shop/cart:v1 to shop/cart:v2". */
export function causeSentence(cause: Cause): string {
  if (cause.kind === 'manual') return `${cause.user} started it`
  if (cause.kind === 'api')
    return `${cause.user} started it through the API${cause.token === undefined ? '' : ` with the token ${cause.token}`}`
  if (cause.kind === 'git') return `${cause.author} ${PUSHED[cause.why]} in commit ${cause.commit.slice(0, 7)}`
  if (cause.kind === 'schedule')
    return `its schedule was due (${cause.words})${cause.madeUp ? ', while no server ran; the start is made up' : ''}`
  if (cause.kind === 'hook') return `${HOOK_SENDERS[cause.sender]} called the hook ${cause.name}: ${cause.subject}`
  const name = `${cause.workload.kind.toLowerCase()}/${cause.workload.name}`
  const sentence = cause.changes.map((change) => changeSentence(name, change)).join('; ')
  return cause.policy === undefined ? sentence : `${sentence} (event policy ${cause.policy})`
}

const PUSHED = { trailer: 'asked for it', added: 'added it', changed: 'changed it' } as const

/** Nobody waits for such a run: it obeys suspensions. */
export function isAutomatic({ kind }: Cause): boolean {
  return kind !== 'manual' && kind !== 'api'
}
