import { killSwitchesOf, notify, type Store } from '../store/index.ts'
import {
  engageKillSwitch,
  engageServerKillSwitch,
  holdAdmission,
  holdEveryAdmission,
  lockRun,
  projectIds,
  releaseKillSwitch,
  releaseServerKillSwitch,
  runsToStop,
  type Tx
} from '../store/runs/write.ts'
import { stopOne } from './ending.ts'

export interface KillSwitchOrder {
  /** null: every project of the server */
  project: string | null
  user: string
  reason: string
}

/**
 * Stops every run of the project, or of the server, and lets none start until it is released. A run that is being
 * admitted right now is waited for, and stopped with the others. Engaging it again changes the reason.
 */
export async function engage(store: Store, order: KillSwitchOrder, now: Date): Promise<void> {
  const { project, user, reason } = order
  await store.db.transaction().execute(async (tx) => {
    const row = { reason, engagedBy: user, engagedAt: now }
    if (project === null) {
      await holdEveryAdmission(tx)
      await engageServerKillSwitch(tx, row)
    } else {
      await holdAdmission(tx, project)
      await engageKillSwitch(tx, { projectId: project, ...row })
    }
    for (const id of await runsToStop(tx, project)) {
      const run = await lockRun(tx, id)
      if (run !== undefined) await stopOne(tx, run, { user, reason: `kill switch: ${reason}`, now })
    }
    await tell(tx, project)
  })
}

/** What was stopped stays stopped; what was refused meanwhile is not made up for. Null: that of the server. */
export async function release(store: Store, project: string | null): Promise<void> {
  await store.db.transaction().execute(async (tx) => {
    if (project === null) await releaseServerKillSwitch(tx)
    else await releaseKillSwitch(tx, project)
    await tell(tx, project)
  })
}

/** Why nothing runs in the project now, one sentence for people; null = both switches are off. */
export async function killReason(db: Parameters<typeof killSwitchesOf>[0], project: string): Promise<string | null> {
  const { engaged, everywhere } = await killSwitchesOf(db, project)
  if (everywhere !== null)
    return `The kill switch of this server is on: ${everywhere.reason} (${everywhere.engagedBy}).`
  return engaged === null ? null : `The kill switch is on: ${engaged.reason} (${engaged.engagedBy}).`
}

async function tell(tx: Tx, project: string | null): Promise<void> {
  for (const id of project === null ? await projectIds(tx) : [project]) {
    await notify(tx, 'stream', JSON.stringify({ project: id, topic: 'runs', id: null }))
  }
}
