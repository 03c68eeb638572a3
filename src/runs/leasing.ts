import type { AgentTask, Renewed, RunTask } from '../contract/index.ts'
import { approvalsOf, grantedInfrastructures, guardrailsOf, type Store } from '../store/index.ts'
import {
  decidedRuns,
  lastStoredFact,
  leaseNext,
  renewLease,
  stopsFor,
  toldOf,
  workingRuns
} from '../store/runs/write.ts'
import { skipOutdated } from './ending.ts'

const LEASE_MS = 120_000
/** a task that was handed out so long ago without any fact was lost on its way */
const UNHEARD_MS = 20_000
/** runs that one agent works on at once; those that wait for a person hold no place */
const MAX_WORKING = 10
/** runs in one agent's hands, whatever they do: each of its polls names them all */
const MAX_HELD = 60

export interface TaskQuery {
  infrastructure: string
  /** runs that the agent has in hand */
  holding: readonly string[]
  now: Date
  /** a server that has just started takes no lease away: agents may not have found it yet */
  mayTakeOver: boolean
}

/** What the agent should do next: stops of runs in its hands, and runs newly leased to it. */
export async function tasksFor(store: Store, query: TaskQuery): Promise<AgentTask[]> {
  const stops = await stopsFor(store.db, query.infrastructure, query.holding)
  const tasks: AgentTask[] = stops.map(({ runId, reason }) => ({ kind: 'stop', run: runId, reason }))
  const decided = await decidedRuns(store.db, query.infrastructure, query.holding)
  tasks.push(...decided.map((run): AgentTask => ({ kind: 'approval', run })))
  const holding = [...query.holding]
  let working = await workingRuns(store.db, query.infrastructure, query.holding)
  while (working < MAX_WORKING && holding.length < MAX_HELD) {
    const task = await leaseOne(store, { ...query, holding })
    if (task === 'skipped') continue
    if (task === undefined) break
    tasks.push(task)
    holding.push(task.run)
    working += 1
  }
  return tasks
}

/** Also tells what is wanted of the run: its stop, and what people said to its steps. */
export async function renew(
  store: Store,
  lease: { infrastructure: string; run: string; number: number; now: Date }
): Promise<Renewed> {
  const until = new Date(lease.now.getTime() + LEASE_MS)
  const held = await renewLease(store.db, {
    infrastructureId: lease.infrastructure,
    runId: lease.run,
    number: lease.number,
    until
  })
  if (!held) return { state: 'lost', stop: null, approvals: [] }
  const [stop] = await stopsFor(store.db, lease.infrastructure, [lease.run])
  const rows = await approvalsOf(store.db, lease.run)
  const approvals = rows.map(({ step, outcome, decidedBy, reason }) => ({ step, outcome, by: decidedBy, reason }))
  return { state: 'held', stop: stop?.reason ?? null, approvals }
}

async function leaseOne(store: Store, query: TaskQuery): Promise<RunTask | 'skipped' | undefined> {
  return store.db.transaction().execute(async (tx) => {
    const run = await leaseNext(tx, {
      infrastructureId: query.infrastructure,
      holding: query.holding,
      now: query.now,
      leaseMs: LEASE_MS,
      unheardMs: UNHEARD_MS,
      mayTakeOver: query.mayTakeOver
    })
    if (run === undefined) return undefined
    if (run.leaseNumber === 1 && (await skipOutdated(tx, run, query.now))) return 'skipped'
    const guardrails = await guardrailsOf(tx, run.projectId)
    const places = await grantedInfrastructures(tx, run.projectId)
    const nodeFaults = places.some((place) => place.id === query.infrastructure && place.nodeFaults)
    // facts that wait to be merged count: numbering goes on after them, and the run was begun
    const lastSeq = Math.max(run.mergedSeq, await lastStoredFact(tx, run.id))
    return {
      kind: 'run',
      run: run.id,
      lease: run.leaseNumber,
      plan: run.plan,
      guardrails: { ...guardrails, nodeFaults },
      lastSeq,
      resumed: lastSeq > 0,
      ...(run.plan.argo !== undefined && lastSeq > 0 && { told: await toldOf(tx, run.id) })
    }
  })
}
