import { AppError, backoff } from '../platform/index.ts'
import type { SettingsRow, SyncStateRow } from '../store/index.ts'
import type { Withholding } from './deletion-guard.ts'
import { type Desk, type Place, placeOf } from './desk.ts'
import { findTip, isUnchanged, makeBranchAgain, type Withheld } from './find-tip.ts'
import { pushEdits, type Rejections } from './push-edits.ts'
import { readGit } from './read-git.ts'
import { settle } from './settle.ts'
import { settleHere } from './settle-here.ts'

export interface PassOrder {
  project: string
  /** what this pass may write under */
  lease: string
  settings: SettingsRow | undefined
  /** as they were when the pass became due */
  before: SyncStateRow
  /** asked for, or first since the start: look at everything even where the branch has not moved */
  full: boolean
  signal: AbortSignal
}

export type PassEnd =
  | { kind: 'off' }
  /** the branch is where it was */
  | { kind: 'unchanged' }
  | { kind: 'synced'; rejections: Rejections; guarded: Withholding | null }
  | { kind: 'withheld'; what: Withheld }
  /** settings were changed meanwhile, or another server goes on: begin again */
  | { kind: 'outdated' }

const RACE_TRIES = 10
const RACE_BACKOFF = { first: 1000, factor: 1.5, cap: 30_000, jitter: 0.5 }

/**
 * One pass over one project. Level-triggered: it looks at what is, so it can be killed at any line and run again.
 *
 * tip → as before: done, else fetch → read and judge what changed → plan and apply in one transaction → push the edits
 * that may go → read the branch back: only what is seen there is *In git*.
 */
export async function syncProject(desk: Desk, order: PassOrder): Promise<PassEnd> {
  const { settings, before, full, signal } = order
  if (settings === undefined || !settings.enabled) {
    await settleHere(desk, order.project)
    return { kind: 'off' }
  }
  const place = placeOf(desk, settings)
  if (!full && (await isUnchanged(desk, place, before.syncedCommit, signal))) return { kind: 'unchanged' }
  return withGit(desk, place, order)
}

async function withGit(desk: Desk, place: Place, order: PassOrder): Promise<PassEnd> {
  const rejections: Rejections = new Map()
  let races = 0
  while (true) {
    order.signal.throwIfAborted()
    const tip = await findTip(desk, place, order.signal)
    if (tip.kind === 'withheld') return { kind: 'withheld', what: tip.what }

    if (tip.kind === 'gone') await makeBranchAgain(desk, place, tip.commit)
    const view = await readGit(desk, place, tip.commit, tip.since)
    const settled = await settle(desk, place, { view, lease: order.lease })
    if (settled === null) return { kind: 'outdated' }

    const { ready, withheld: guarded } = settled
    const outcome = await pushEdits(desk, place, { tip: tip.commit, ready, signal: order.signal }, rejections)
    if (outcome === 'nothing') return { kind: 'synced', rejections, guarded }
    if (outcome === 'race') await waitForTurn(desk, races++, order.signal)
  }
}

/** Somebody else pushes too. */
async function waitForTurn(desk: Desk, races: number, signal: AbortSignal): Promise<void> {
  if (races < RACE_TRIES) return desk.clock.sleep(backoff(races, RACE_BACKOFF), signal)
  const message = `The branch moved ${RACE_TRIES} times while Faultline pushed; it is tried again.`
  throw new AppError({ code: 'sync/race', kind: 'transient', message })
}
