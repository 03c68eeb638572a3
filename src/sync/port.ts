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

interface PortOptions {
  /** makes the runner look at once */
  wake: () => void
  /** nobody waits any longer: the server ends */
  stopping: AbortSignal
}

/** The room's commands, as the API calls them. */
export function createPort(desk: Desk, { wake, stopping }: PortOptions): SyncPort {
  const { db } = desk.store
  const until = async (ms: number, done: () => Promise<boolean>): Promise<void> => {
    const end = desk.clock.now().getTime() + ms
    while (!stopping.aborted && !(await done()) && desk.clock.now().getTime() < end)
      await desk.clock.sleep(LOOK_EVERY_MS, stopping).catch(() => undefined)
  }
  /** Knocks, and waits until a pass that began after it has ended, or the time is over. */
  const pass = async (project: string): Promise<SyncStatus> => {
    const knockedAt = desk.clock.now()
    await knock(db, project, knockedAt)
    wake()
    await until(PASS_WAIT_MS, async () => {
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
    check: (project, body) => check(desk, { project, body, stopping }),
    preview: (project) => previewEnable(desk, project, stopping),
    enable: async (project, order) => {
      await enableGitops(desk, project, { ...order, signal: stopping })
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
    waitForEdit: (project, id, ms) => until(ms, async () => (await findEdit(db, project, id))?.state !== 'open')
  }
}

async function check(
  desk: Desk,
  { project, body, stopping }: { project: string; body: GitopsBody | null; stopping: AbortSignal }
) {
  const before = await settingsOf(desk.store.db, project)
  const settings = body === null ? await requireSettings(desk, project) : merge(desk, project, { before, body })
  const steps = await unlessStopping(desk.git.check(remoteOf(desk, settings), settings.branch), stopping)
  return { ok: steps.every((step) => step.state !== 'failed'), steps }
}

/** The work may go on; nobody waits for it. */
function unlessStopping<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(ending())
  signal.addEventListener('abort', stop, { once: true })
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop))
}

function ending(): AppError {
  const message = 'The server is ending; ask again when it is back.'
  return new AppError({ code: 'sync/ending', kind: 'transient', message })
}

function nothingWithheld(): AppError {
  const message = 'This does not wait for approval any more; look at the status again.'
  return new AppError({ code: 'sync/not-withheld', kind: 'missing', message })
}
