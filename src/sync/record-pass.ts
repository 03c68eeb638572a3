import { newId } from '../platform/index.ts'
import { type PassItem, type Tx, toJson } from '../store/index.ts'
import { announce, insertPass, noteNothing } from '../store/sync/write.ts'
import type { Desk } from './desk.ts'
import type { PathPlan, SyncPlan } from './plan.ts'

interface AppliedPass {
  project: string
  plan: SyncPlan
  /** what was synced before; null = nothing */
  since: string | null
  commit: string
  items: readonly PassItem[]
}

/** A line in the history, and a word to the pages that are open: where something changed, or the branch went on. */
export async function recordPass(desk: Desk, tx: Tx, pass: AppliedPass): Promise<void> {
  const { project, plan, since, commit, items } = pass
  const now = desk.clock.now()
  const row = { id: newId(now), projectId: project, fromCommit: since, tip: commit }
  if (items.length === 0) {
    if (since !== null && since !== commit) await noteNothing(tx, { ...row, at: now })
    return
  }
  const outcome = plan.withheld === null ? 'changed' : 'withheld'
  const rest = { startedAt: now, endedAt: now, outcome, code: null, message: null } as const
  await insertPass(tx, { ...row, ...rest, items: toJson(items) })
  await announce(tx, project, plan.paths.flatMap(namesOf))
  desk.log.info({ project, commit, items: items.length, outcome }, 'sync pass changed something')
}

function namesOf({ definition, file }: PathPlan): string[] {
  const name = file?.content.kind === 'definition' ? file.content.name : undefined
  return [...new Set([definition?.name, name].filter((known) => known !== undefined))]
}
