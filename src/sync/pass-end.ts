import type { Withholding } from './deletion-guard.ts'
import { type StateEnd, withheldEnd } from './record-end.ts'
import type { PassEnd } from './sync.ts'

/** How a pass ended, as the project's state shows it. */
export function stateOf(end: PassEnd): StateEnd {
  const ready: StateEnd = {
    status: 'ready',
    code: null,
    message: null,
    cause: null,
    failed: false,
    again: false,
    reasons: new Map(),
    withheld: null,
    retryAt: null
  }
  if (end.kind === 'off' || end.kind === 'unchanged') return ready
  if (end.kind === 'outdated') return { ...ready, again: true }
  if (end.kind === 'withheld') return withheldEnd(end.what)
  const [first] = end.rejections.values()
  if (first === undefined) return end.guarded === null ? ready : { ...ready, ...guardedEnd(end.guarded) }
  const reasons = new Map([...end.rejections].map(([id, error]) => [id, error.message]))
  return {
    ...ready,
    status: 'stalled',
    code: first.code,
    message: first.message,
    cause: 'yours',
    failed: true,
    reasons
  }
}

function guardedEnd({ kind, paths }: Withholding): Pick<StateEnd, 'status' | 'code' | 'message' | 'cause'> {
  const what = kind === 'missing-path' ? 'The folder of the project is gone from git' : 'Many files are gone from git'
  const message = `${what} (${paths.length}). Nothing was deleted here: bring them back, or approve their deletion.`
  return { status: 'stalled', code: 'sync/deletions', message, cause: 'yours' }
}
