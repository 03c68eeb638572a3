import type { ApprovalOutcome } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'
import { notify, type Store, stepsOf, stopOf } from '../store/index.ts'
import { insertApproval, lockRun } from '../store/runs/write.ts'
import { unknownRun } from './ending.ts'
import { announce } from './merging.ts'

export interface ApprovalOrder {
  project: string
  run: string
  step: string
  outcome: ApprovalOutcome
  user: string
  reason: string | null
}

/** Keeps what a person says to a step that waits; the first word counts. The agent learns of it when it renews its lease. */
export async function approve(store: Store, order: ApprovalOrder, now: Date): Promise<void> {
  const { step, outcome, user, reason } = order
  await store.db.transaction().execute(async (tx) => {
    const run = await lockRun(tx, order.run)
    if (run === undefined || run.projectId !== order.project) throw unknownRun(order.run)
    const state = (await stepsOf(tx, run.id)).find((one) => one.step === step)
    if (run.endedAt !== null || state?.phase !== 'waiting' || (await stopOf(tx, run.id)) !== undefined)
      throw clash('runs/not-waiting', `The step ${step.slice(0, 100)} does not wait for a person (any more).`)
    const row = { runId: run.id, step, outcome, decidedBy: user, reason, decidedAt: now }
    if (!(await insertApproval(tx, row)))
      throw clash(
        'runs/already-decided',
        `Somebody else has decided about ${state.name} meanwhile; read the run again.`
      )
    await notify(tx, 'task', run.infrastructureId)
    await announce(tx, run)
  })
}

function clash(code: string, message: string): AppError {
  return new AppError({ code, kind: 'clash', message })
}
