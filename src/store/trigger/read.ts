import { type Selectable, sql } from 'kysely'
import type { Db } from '../connect.ts'
import type { DecisionTable, WorkloadChangeTable } from '../schema.ts'

export type DecisionRow = Selectable<DecisionTable> & { runId: string | null }
export type ListedChange = Selectable<WorkloadChangeTable> & { infrastructureName: string; decisions: DecisionRow[] }

export interface ChangeFilter {
  /** waiting: not decided yet */
  outcome?: 'triggered' | 'not-triggered' | 'waiting' | undefined
  /** part of the workload's name */
  q?: string | undefined
  before?: string | undefined
  limit: number
}

/** Workload changes of the infrastructures that are granted to the project, with the decisions that concern it; newest first. */
export async function listChanges(db: Db, projectId: string, filter: ChangeFilter): Promise<ListedChange[]> {
  let query = db
    .selectFrom('workloadChanges')
    .innerJoin('infrastructures', 'infrastructures.id', 'workloadChanges.infrastructureId')
    .innerJoin('infrastructureGrants', 'infrastructureGrants.infrastructureId', 'workloadChanges.infrastructureId')
    .selectAll('workloadChanges')
    .select('infrastructures.name as infrastructureName')
    .where('infrastructureGrants.projectId', '=', projectId)
    .orderBy('workloadChanges.id', 'desc')
    .limit(filter.limit)
  const { before, outcome, q } = filter
  if (before !== undefined) query = query.where('workloadChanges.id', '<', before)
  if (q !== undefined && q !== '') query = query.where(sql<boolean>`strpos(workload_changes.name, ${q}) > 0`)
  if (outcome === 'waiting') query = query.where('workloadChanges.state', '=', 'waiting')
  if (outcome === 'triggered' || outcome === 'not-triggered') {
    const triggered = sql<boolean>`exists (select 1 from decisions where decisions.change_id = workload_changes.id
      and decisions.project_id = ${projectId} and decisions.outcome = 'triggered')`
    query = query.where('workloadChanges.state', '=', 'decided')
    query = query.where(outcome === 'triggered' ? triggered : sql<boolean>`not ${triggered}`)
  }
  const changes = await query.execute()
  const decisions = await decisionsOf(
    db,
    projectId,
    changes.map((change) => change.id)
  )
  return changes.map((change) => ({
    ...change,
    decisions: decisions.filter((decision) => decision.changeId === change.id)
  }))
}

/** A change of an infrastructure that is granted to the project. */
export async function findChange(
  db: Db,
  projectId: string,
  id: string
): Promise<(Selectable<WorkloadChangeTable> & { infrastructureName: string }) | undefined> {
  return db
    .selectFrom('workloadChanges')
    .innerJoin('infrastructures', 'infrastructures.id', 'workloadChanges.infrastructureId')
    .innerJoin('infrastructureGrants', 'infrastructureGrants.infrastructureId', 'workloadChanges.infrastructureId')
    .selectAll('workloadChanges')
    .select('infrastructures.name as infrastructureName')
    .where('infrastructureGrants.projectId', '=', projectId)
    .where('workloadChanges.id', '=', id)
    .executeTakeFirst()
}

/** What each of these policies decided last. */
export async function lastDecisionsOf(db: Db, policyIds: readonly string[]): Promise<DecisionRow[]> {
  const { rows } = await sql<DecisionRow>`
    select last.*, run_requests.run_id from unnest(${policyIds}::text[]) asked (id)
    join lateral (
      select * from decisions where policy_id = asked.id order by id desc limit 1
    ) last on true
    left join run_requests on run_requests.id = last.run_request_id`.execute(db)
  return rows
}

/** The decision that led to this run. */
export async function decisionOfRun(db: Db, runId: string): Promise<{ id: string; reason: string } | undefined> {
  return db
    .selectFrom('decisions')
    .innerJoin('runRequests', 'runRequests.id', 'decisions.runRequestId')
    .select(['decisions.id', 'decisions.reason'])
    .where('runRequests.runId', '=', runId)
    .executeTakeFirst()
}

/** Whether any workload of the project's infrastructures has opted in. */
export async function hasOptedInWorkload(db: Db, projectId: string): Promise<boolean> {
  const row = await db
    .selectFrom('observations')
    .innerJoin('infrastructureGrants', 'infrastructureGrants.infrastructureId', 'observations.infrastructureId')
    .innerJoin('infrastructures', 'infrastructures.id', 'observations.infrastructureId')
    .select('observations.uid')
    .where('infrastructureGrants.projectId', '=', projectId)
    .where('infrastructures.removedAt', 'is', null)
    .where(sql<boolean>`observations.body -> 'aspects' -> 'annotations' ->> 'litmuschaos.io/gitops' = 'true'`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function decisionsOf(db: Db, projectId: string, changeIds: string[]): Promise<DecisionRow[]> {
  if (changeIds.length === 0) return []
  return db
    .selectFrom('decisions')
    .leftJoin('runRequests', 'runRequests.id', 'decisions.runRequestId')
    .selectAll('decisions')
    .select('runRequests.runId')
    .where('decisions.changeId', 'in', changeIds)
    .where((eb) => eb.or([eb('decisions.projectId', '=', projectId), eb('decisions.projectId', 'is', null)]))
    .orderBy('decisions.id')
    .execute()
}
