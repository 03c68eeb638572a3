import { activeRuns, killSwitchOf, notify, type Store } from '../store/index.ts'
import { engageKillSwitch, holdAdmission, lockRun, releaseKillSwitch } from '../store/runs/write.ts'
import { stopOne } from './ending.ts'

export interface KillSwitchOrder {
  project: string
  user: string
  reason: string
}

/**
 * Stops every run of the project and lets none start until it is released. A run that is being admitted right now is
 * waited for, and stopped with the others. Engaging it again changes the reason.
 */
export async function engage(store: Store, order: KillSwitchOrder, now: Date): Promise<void> {
  const { project, user, reason } = order
  await store.db.transaction().execute(async (tx) => {
    await holdAdmission(tx, project)
    await engageKillSwitch(tx, { projectId: project, reason, engagedBy: user, engagedAt: now })
    for (const { id } of await activeRuns(tx, project)) {
      const run = await lockRun(tx, id)
      if (run !== undefined) await stopOne(tx, run, { user, reason: `kill switch: ${reason}`, now })
    }
    await tell(tx, project)
  })
}

/** What was stopped stays stopped; what was refused meanwhile is not made up for. */
export async function release(store: Store, project: string): Promise<void> {
  await store.db.transaction().execute(async (tx) => {
    await releaseKillSwitch(tx, project)
    await tell(tx, project)
  })
}

/** Why nothing runs in the project now, one sentence for people; null = the switch is off. */
export async function killReason(db: Parameters<typeof killSwitchOf>[0], project: string): Promise<string | null> {
  const engaged = await killSwitchOf(db, project)
  return engaged === undefined ? null : `The kill switch is on: ${engaged.reason} (${engaged.engagedBy}).`
}

function tell(tx: Parameters<typeof notify>[0], project: string): Promise<void> {
  return notify(tx, 'stream', JSON.stringify({ project, topic: 'runs', id: null }))
}
