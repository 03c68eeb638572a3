import type { GitopsBody, SyncPort, SyncStatus } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'
import { findEdit, settingsOf, syncStateOf } from '../store/index.ts'
import { acceptWithheld, knock } from '../store/sync/write.ts'
import { type Desk, remoteOf } from './desk.ts'
import { disableGitops } from './disable.ts'
import { discardEdit } from './discard.ts'
import { enableGitops } from './enable.ts'
import { previewEnable } from './preview.ts'
import { gitopsOf, merge, requireSettings, saveGitops } from './settings.ts'
import { statusOf } from './status.ts'

const PASS_WAIT_MS = 20_000
const LOOK_EVERY_MS = 50

/** The room's commands, as the API calls them. `wake` makes the runner look at once. */
export function createPort(desk: Desk, wake: () => void): SyncPort {
  const { db } = desk.store
  /** Knocks, and waits until a pass that began after it has ended, or the time is over. */
  const pass = async (project: string): Promise<SyncStatus> => {
    const knockedAt = desk.clock.now()
    await knock(db, project, knockedAt)
    wake()
    await until(desk, PASS_WAIT_MS, async () => {
      const state = await syncStateOf(db, project)
      return state === undefined || state.knockedAt === null || state.knockedAt > knockedAt
    })
    return statusOf(desk, project)
  }
  return {
    settings: (project) => gitopsOf(desk, project),
    status: (project) => statusOf(desk, project),
    save: async (project, body) => {
      await saveGitops(desk, project, body)
      await knock(db, project, desk.clock.now())
      wake()
      return gitopsOf(desk, project)
    },
    check: (project, body) => check(desk, project, body),
    preview: (project) => previewEnable(desk, project),
    enable: async (project, order) => {
      await enableGitops(desk, project, order)
      await pass(project)
      return gitopsOf(desk, project)
    },
    disable: async (project, order) => {
      await disableGitops(desk, project, order)
      return gitopsOf(desk, project)
    },
    syncNow: pass,
    accept: async (project, id, user) => {
      const found = await acceptWithheld(db, { projectId: project, id }, { user, now: desk.clock.now() })
      if (!found) throw nothingWithheld()
      return pass(project)
    },
    discard: async (project, edit, user) => {
      await discardEdit(desk, project, { edit, user })
      wake()
    },
    waitForEdit: (project, id, ms) => until(desk, ms, async () => (await findEdit(db, project, id))?.state !== 'open')
  }
}

async function check(desk: Desk, project: string, body: GitopsBody | null) {
  const before = await settingsOf(desk.store.db, project)
  const settings = body === null ? await requireSettings(desk, project) : merge(desk, project, { before, body })
  const steps = await desk.git.check(remoteOf(desk, settings), settings.branch)
  return { ok: steps.every((step) => step.state !== 'failed'), steps }
}

async function until(desk: Desk, ms: number, done: () => Promise<boolean>): Promise<void> {
  const end = desk.clock.now().getTime() + ms
  while (!(await done()) && desk.clock.now().getTime() < end) await desk.clock.sleep(LOOK_EVERY_MS)
}

function nothingWithheld(): AppError {
  const message = 'This does not wait for approval any more; look at the status again.'
  return new AppError({ code: 'sync/not-withheld', kind: 'missing', message })
}
