import type { Overview, WorkflowSummary } from '../contract/index.ts'
import {
  activeRuns,
  guardrailsOf,
  hasOptedInWorkload,
  killSwitchesOf,
  listChanges,
  listRuns,
  snapshot
} from '../store/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { infrastructuresOf } from './infrastructure-routes.ts'
import { project } from './run-routes.ts'
import { killSwitchView, runSummary, workloadChange } from './view-run.ts'
import { summaries } from './workflow-list.ts'

const SHOWN = 8
const STARTS_SHOWN = 5
const ATTENTION: ReadonlySet<string> = new Set(['conflict', 'invalid-in-git', 'withheld'])

export const overviewRoutes: Handlers<'overview'> = {
  overview: async (call, api) => ({ body: await overviewOf(call, api) })
}

async function overviewOf(call: Call, api: ApiOptions): Promise<Overview> {
  const id = project(call)
  const { db } = api.store
  const [gitops, infrastructures, workflows, active, recent, changes, guardrails, optedIn, killSwitches] =
    await Promise.all([
      api.sync.settings(id),
      infrastructuresOf(api, id),
      snapshot(db, (tx) => summaries(tx, id)),
      activeRuns(db, id),
      listRuns(db, id, { limit: SHOWN }),
      listChanges(db, id, { limit: SHOWN }),
      guardrailsOf(db, id),
      hasOptedInWorkload(db, id),
      killSwitchesOf(db, id)
    ])
  return {
    gitops,
    infrastructures,
    attention: workflows.filter((row) => ATTENTION.has(row.sync)).slice(0, SHOWN),
    workflows: { total: workflows.length, recent: workflows.toSorted(byLastRun).slice(0, SHOWN) },
    active: active.map(runSummary),
    recent: recent.map(runSummary),
    schedules: startsOf(workflows),
    changes: changes.map(workloadChange),
    guardrails,
    killSwitch: killSwitchView(killSwitches.everywhere ?? killSwitches.engaged),
    checklist: {
      gitConnected: gitops.enabled,
      infrastructureConnected: infrastructures.some((place) => place.connected),
      workflowAdded: workflows.some((row) => row.definition !== null),
      workloadOptedIn: optedIn,
      firstRun: recent.length > 0
    }
  }
}

function startsOf(workflows: readonly WorkflowSummary[]): Overview['schedules'] {
  const next = workflows.flatMap(({ name, schedule }) =>
    schedule?.next ? [{ workflow: name, words: schedule.words, at: schedule.next }] : []
  )
  return {
    next: next.toSorted((a, b) => (a.at < b.at ? -1 : 1)).slice(0, STARTS_SHOWN),
    paused: workflows.filter(({ schedule }) => schedule?.state === 'paused').length
  }
}

function byLastRun(a: WorkflowSummary, b: WorkflowSummary): number {
  return (b.lastRun?.at ?? '').localeCompare(a.lastRun?.at ?? '')
}
