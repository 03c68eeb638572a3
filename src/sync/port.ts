import type { CheckStep, GitopsBody, SyncPort } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'
import { findEdit, pauseReason, settingsOf } from '../store/index.ts'
import { acceptWithheld } from '../store/sync/write.ts'
import { changeGitops } from './change.ts'
import { generateKey, scanHost } from './credentials.ts'
import { type Desk, remoteOf } from './desk.ts'
import { disableGitops, restoreWorkflows } from './disable.ts'
import { discardEdit } from './discard.ts'
import { enableGitops } from './enable.ts'
import { hearHook, makeHookSecret } from './git-hook.ts'
import { pauseGitops, requireNotPaused, resumeGitops } from './pause.ts'
import { planNow } from './plan-now.ts'
import { previewGitops } from './preview.ts'
import { answerPush } from './push-question.ts'
import { gitopsOf, merge, requireSettings, saveGitops } from './settings.ts'
import { statusOf } from './status.ts'
import { Waiting, type WaitingOptions } from './waiting.ts'

/** The room's commands, as the API calls them. */
export function createPort(desk: Desk, options: WaitingOptions): SyncPort {
  const waiting = new Waiting(desk, options)
  return {
    ...settingsCommands(desk, options, waiting),
    ...switchCommands(desk, options, waiting),
    ...passCommands(desk, options, waiting)
  }
}

type SettingsCommand =
  | 'settings'
  | 'status'
  | 'save'
  | 'check'
  | 'generateKey'
  | 'hostKeys'
  | 'makeHookSecret'
  | 'hook'
  | 'preview'
  | 'plan'
  | 'explain'

function settingsCommands(desk: Desk, options: WaitingOptions, waiting: Waiting): Pick<SyncPort, SettingsCommand> {
  const { stopping } = options
  return {
    settings: (project) => gitopsOf(desk, project),
    status: (project) => statusOf(desk, project),
    save: async (project, body) => {
      await saveGitops(desk, project, body)
      await waiting.knock(project)
      return gitopsOf(desk, project)
    },
    check: (project, body, tell) => check(desk, { project, body, tell, stopping }),
    generateKey: async (project) => {
      await generateKey(desk, project)
      return gitopsOf(desk, project)
    },
    hostKeys: (_project, url) => scanHost(desk, url),
    makeHookSecret: (project) => makeHookSecret(desk, project),
    hook: async (project, call) => {
      const heard = await hearHook(desk, project, call)
      if (heard) options.wake()
      return heard
    },
    preview: (project, body) => previewGitops(desk, project, { body, signal: stopping }),
    plan: (project, { files }) => planNow(desk, project, { files, signal: stopping }),
    explain: (project, question) => answerPush(desk, project, question)
  }
}

/** On, elsewhere, off, and paused. */
function switchCommands(
  desk: Desk,
  { stopping }: WaitingOptions,
  waiting: Waiting
): Pick<SyncPort, 'enable' | 'change' | 'disable' | 'restoreWorkflows' | 'pause' | 'resume'> {
  const push = (project: string) => async () => {
    await requireNotPaused(desk, project)
    await waiting.pass(project)
  }
  return {
    enable: async (project, order) => {
      await enableGitops(desk, project, { ...order, signal: stopping })
      await waiting.pass(project)
      return gitopsOf(desk, project)
    },
    change: async (project, { body: { openEdits = null, create = false, ...settings }, author, user }) => {
      const order = { settings, openEdits, create, author, user, signal: stopping, push: push(project) }
      await changeGitops(desk, project, order)
      await waiting.pass(project)
      return gitopsOf(desk, project)
    },
    disable: async (project, order) => {
      await disableGitops(desk, project, { ...order, push: push(project) })
      return gitopsOf(desk, project)
    },
    restoreWorkflows: async (project) => {
      await restoreWorkflows(desk, project)
      return gitopsOf(desk, project)
    },
    pause: async (project, user) => {
      await pauseGitops(desk, project, user)
      await waiting.passEnded(project)
      return gitopsOf(desk, project)
    },
    resume: async (project) => {
      await resumeGitops(desk, project)
      await waiting.pass(project)
      return gitopsOf(desk, project)
    }
  }
}

function passCommands(
  desk: Desk,
  options: WaitingOptions,
  waiting: Waiting
): Pick<SyncPort, 'syncNow' | 'accept' | 'discard' | 'waitForEdit'> {
  const { db } = desk.store
  return {
    syncNow: async (project) => {
      await requireNotPaused(desk, project)
      return waiting.pass(project)
    },
    accept: async (project, id, user) => {
      const found = await acceptWithheld(db, { projectId: project, id }, { user, now: desk.clock.now() })
      if (!found) throw nothingWithheld()
      return waiting.pass(project)
    },
    discard: async (project, edit, user) => {
      await discardEdit(desk, project, { edit, user })
      options.wake()
    },
    waitForEdit: (project, id, ms) =>
      waiting.until(
        ms,
        async () => (await pauseReason(db, project)) !== null || (await findEdit(db, project, id))?.state !== 'open'
      )
  }
}

interface CheckOrder {
  project: string
  body: GitopsBody | null
  tell: (step: CheckStep) => void
  stopping: AbortSignal
}

async function check(desk: Desk, { project, body, tell, stopping }: CheckOrder) {
  const before = await settingsOf(desk.store.db, project)
  const settings = body === null ? await requireSettings(desk, project) : merge(desk, project, { before, body })
  const steps = await unlessStopping(desk.git.check(remoteOf(desk, settings), settings.branch, tell), stopping)
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
