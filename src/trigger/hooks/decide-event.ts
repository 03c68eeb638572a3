import { createHash } from 'node:crypto'
import { filledByEvent, type HookEvent, type HookOutcome, unwanted } from '../../domain/index.ts'
import type { HookRow } from '../../store/index.ts'
import { requestRun } from '../../store/runs/request.ts'
import { findAsked, hookTriggered, requestOfKey, type Tx } from '../../store/trigger/write.ts'

export interface EventDecision {
  outcome: HookOutcome
  /** one sentence for people */
  reason: string
  request: string | null
  /** the hook's limit is used up so long */
  retryAfterSeconds: number | null
}

/** What an event starts, or why nothing. The hook is held, so its calls are decided one after the other. */
export async function decideEvent(tx: Tx, hook: HookRow, { event, now }: { event: HookEvent; now: Date }) {
  const dedupeKey = `hook/${hook.id}/${createHash('sha256').update(event.dedupeId).digest('hex')}`
  const earlier = await requestOfKey(tx, dedupeKey)
  if (earlier !== undefined) return no('This event has asked for a run already.', { request: earlier })
  if (hook.paused) return no('The hook is paused.')
  if (event.heldBack !== null) return no(event.heldBack)
  const other = unwanted(hook.onlyWhere, event.values)
  if (other !== null) return no(other)
  const workflow = await findAsked(tx, hook.projectId, hook.workflow)
  if (workflow === undefined) return no(`There is no workflow ${hook.workflow}.`, { outcome: 'failed' })
  if (workflow.suspended !== null) return no(`Automatic runs of ${workflow.name} are suspended: ${workflow.suspended}`)
  const limited = await usedUp(tx, hook, now)
  if (limited !== null) return limited
  const { id, name, kind: sender, projectId, infrastructureId } = hook
  const { id: request } = await requestRun(tx, {
    projectId,
    definitionId: workflow.id,
    parameters: filledByEvent(hook.parameters, event.values),
    infrastructureId,
    cause: { kind: 'hook', hook: id, name, sender, subject: event.subject, revision: event.revision },
    dedupeKey,
    automatic: true,
    now
  })
  return no(`It asks for a run of ${workflow.name}.`, { outcome: 'triggered', request })
}

async function usedUp(tx: Tx, hook: HookRow, now: Date): Promise<EventDecision | null> {
  const spanMs = hook.limitSeconds * 1000
  const asked = await hookTriggered(tx, hook.id, new Date(now.getTime() - spanMs))
  const first = asked.at(-hook.limitRuns)
  if (first === undefined) return null
  const retryAfterSeconds = Math.max(1, Math.ceil((first.getTime() + spanMs - now.getTime()) / 1000))
  const limit = `${hook.limitRuns} ${hook.limitRuns === 1 ? 'run' : 'runs'} in ${hook.limitSeconds} s`
  return no(`The limit of the hook is used up: ${limit}.`, { retryAfterSeconds })
}

function no(reason: string, more: Partial<EventDecision> = {}): EventDecision {
  return { outcome: 'not-triggered', reason, request: null, retryAfterSeconds: null, ...more }
}
