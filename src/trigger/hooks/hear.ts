import { type HookReading, readHookEvent } from '../../domain/index.ts'
import { AppError, newId } from '../../platform/index.ts'
import { type HookRow, notify, transaction } from '../../store/index.ts'
import { holdHook, hookById, keepHookEvent, refuseHookCall, type Tx } from '../../store/trigger/write.ts'
import { decideEvent, type EventDecision } from './decide-event.ts'
import type { HookDesk } from './desk.ts'
import { type HookHeaders, knowsSecret, refusalOf } from './proof.ts'

/** calls that do not know the secret are noted no more often than this */
const NOTE_REFUSAL_MS = 2_000
const UNREADABLE = 'a message that could not be read'

/**
 * A system calls a hook: what was decided, or null where it does not know the secret or there is no such hook; which,
 * is not said. Rejects with `trigger/bad-event`, and with `trigger/hook-limit` where it may come again later.
 */
export async function hearCall(
  desk: HookDesk,
  id: string,
  call: { headers: HookHeaders; body: Buffer }
): Promise<EventDecision | null> {
  const { store, sealer, clock } = desk
  const hook = await hookById(store.db, id)
  if (!knowsSecret(hook, call, sealer) || hook === undefined) {
    // not waited for: whether there was a hook must not show in the time of the answer
    if (hook !== undefined) void noteRefusal(desk, hook, call.headers).catch(() => undefined)
    return null
  }
  const reading = readHookEvent(hook.kind, { headers: call.headers, body: parsed(call.body) })
  const decision = await transaction(store.db, (tx) => decide(tx, { id, reading, now: clock.now() }))
  if (decision === null) return null
  desk.log.info({ hook: id, outcome: decision.outcome, reason: decision.reason }, 'a hook was called')
  if (!reading.ok) throw new AppError({ code: 'trigger/bad-event', kind: 'invalid', message: reading.problem })
  const { reason: message, retryAfterSeconds } = decision
  if (retryAfterSeconds === null) return decision
  throw new AppError({ code: 'trigger/hook-limit', kind: 'transient', message, details: { retryAfterSeconds } })
}

/** Null: the hook was removed meanwhile. */
async function decide(
  tx: Tx,
  { id, reading, now }: { id: string; reading: HookReading; now: Date }
): Promise<EventDecision | null> {
  const hook = await holdHook(tx, id)
  if (hook === undefined) return null
  const decision = reading.ok ? await decideEvent(tx, hook, { event: reading.event, now }) : unreadable(reading.problem)
  const { outcome, reason } = decision
  // a repetition must not touch the request: the row would be locked as it is about to become a run, and be passed over
  const runRequestId = outcome === 'triggered' ? decision.request : null
  const { dedupeId, subject } = reading.ok ? reading.event : { dedupeId: null, subject: UNREADABLE }
  await keepHookEvent(
    tx,
    { id: newId(now), hookId: id, dedupeId, subject, outcome, reason, runRequestId, createdAt: now },
    { countedSince: new Date(now.getTime() - hook.limitSeconds * 1000) }
  )
  await notify(tx, 'stream', JSON.stringify({ project: hook.projectId, topic: 'changes', id: null }))
  return decision
}

function unreadable(reason: string): EventDecision {
  return { outcome: 'failed', reason, request: null, retryAfterSeconds: null }
}

async function noteRefusal({ store, clock }: HookDesk, hook: HookRow, headers: HookHeaders): Promise<void> {
  const now = clock.now()
  const unlessSince = new Date(now.getTime() - NOTE_REFUSAL_MS)
  await refuseHookCall(store.db, hook.id, { refusal: refusalOf(hook, headers), now, unlessSince })
}

function parsed(body: Buffer): unknown {
  const text = body.toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
