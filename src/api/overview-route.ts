import type { Overview, WorkflowSummary } from '../contract/index.ts'
import { scheduleWords } from '../domain/index.ts'
import {
  activeRuns,
  attentionPaths,
  countPaths,
  countPaused,
  guardrailsOf,
  hasOptedInWorkload,
  killSwitchesOf,
  listChanges,
  listPaths,
  listRuns,
  pathsRunLast,
  snapshot,
  startingNext,
  type Tx
} from '../store/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { infrastructuresOf } from './infrastructure-routes.ts'
import { project } from './run-routes.ts'
import { iso, killSwitchView, runSummary, workloadChange } from './view-run.ts'
import { summaries } from './workflow-list.ts'

const SHOWN = 8
const STARTS_SHOWN = 5

export const overviewRoutes: Handlers<'overview'> = {
  overview: async (call, api) => ({ body: await overviewOf(call, api) })
}

async function overviewOf(call: Call, api: ApiOptions): Promise<Overview> {
  const id = project(call)
  const { db } = api.store
  const [gitops, infrastructures, definitions, active, recent, changes, guardrails, optedIn, killSwitches] =
    await Promise.all([
      api.sync.settings(id),
      infrastructuresOf(api, id),
      snapshot(db, (tx) => definitionsOf(tx, id)),
      activeRuns(db, id),
      listRuns(db, id, { limit: SHOWN }),
      listChanges(db, id, { limit: SHOWN }),
      guardrailsOf(db, id),
      hasOptedInWorkload(db, id),
      killSwitchesOf(db, id)
    ])
  const { attention, workflows, schedules, workflowAdded } = definitions
  return {
    gitops,
    infrastructures,
    attention,
    workflows,
    active: active.map(runSummary),
    recent: recent.map(runSummary),
    schedules,
    changes: changes.map(workloadChange),
    guardrails,
    killSwitch: killSwitchView(killSwitches.everywhere ?? killSwitches.engaged),
    checklist: {
      gitConnected: gitops.enabled,
      infrastructureConnected: infrastructures.some((place) => place.connected),
      workflowAdded,
      workloadOptedIn: optedIn,
      firstRun: recent.length > 0
    }
  }
}

/** What is said of the definitions: only those that are shown are read, however many there are. */
async function definitionsOf(db: Tx, id: string) {
  const asking = await attentionPaths(db, id, SHOWN)
  const last = await pathsRunLast(db, id, SHOWN)
  const first = await listPaths(db, id, { only: 'workflows', limit: SHOWN })
  const recent = [...new Set([...last, ...first.map(({ path }) => path)])].slice(0, SHOWN)
  const rows = await summaries(db, id, [...asking.paths, ...recent])
  const starts = await startingNext(db, id, STARTS_SHOWN)
  const { total, workflows } = await countPaths(db, id)
  return {
    attention: { total: asking.total, first: inOrder(rows, asking.paths) },
    workflows: { total, recent: inOrder(rows, recent) },
    workflowAdded: workflows > 0,
    schedules: { next: starts.flatMap(startView), paused: await countPaused(db, id) }
  }
}

function inOrder(rows: readonly WorkflowSummary[], paths: readonly string[]): WorkflowSummary[] {
  return paths.flatMap((path) => rows.filter((row) => row.path === path))
}

function startView({ workflow, rules, nextAt }: Awaited<ReturnType<typeof startingNext>>[number]) {
  const at = iso(nextAt)
  return rules === null || at === null ? [] : [{ workflow, words: scheduleWords(rules.schedule), at }]
}
