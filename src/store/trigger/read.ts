import { type Kysely, type Selectable, sql } from 'kysely'
import type { Database, DecisionTable, WorkloadChangeTable } from '../schema.ts'

export type DecisionRow = Selectable<DecisionTable> & { runId: string | null }
export type ListedChange = Selectable<WorkloadChangeTable> & { infrastructureName: string; decisions: DecisionRow[] }

export interface ChangeFilter {
  before?: string
  limit: number
}

/** Workload changes of the infrastructures that are granted to the project, with the decisions that concern it; newest first. */
export async function listChanges(
  db: Kysely<Database>,
  projectId: string,
  filter: ChangeFilter
): Promise<ListedChange[]> {
  let query = db
    .selectFrom('workloadChanges')
    .innerJoin('infrastructures', 'infrastructures.id', 'workloadChanges.infrastructureId')
    .innerJoin('infrastructureGrants', 'infrastructureGrants.infrastructureId', 'workloadChanges.infrastructureId')
    .selectAll('workloadChanges')
    .select('infrastructures.name as infrastructureName')
    .where('infrastructureGrants.projectId', '=', projectId)
    .orderBy('workloadChanges.id', 'desc')
    .limit(filter.limit)
  if (filter.before !== undefined) query = query.where('workloadChanges.id', '<', filter.before)
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

/** The decision that led to this run. */
export async function decisionOfRun(
  db: Kysely<Database>,
  runId: string
): Promise<{ id: string; reason: string } | undefined> {
  return db
    .selectFrom('decisions')
    .innerJoin('runRequests', 'runRequests.id', 'decisions.runRequestId')
    .select(['decisions.id', 'decisions.reason'])
    .where('runRequests.runId', '=', runId)
    .executeTakeFirst()
}

/** Whether any workload of the project's infrastructures has opted in. */
export async function hasOptedInWorkload(db: Kysely<Database>, projectId: string): Promise<boolean> {
  const row = await db
    .selectFrom('observations')
    .innerJoin('infrastructureGrants', 'infrastructureGrants.infrastructureId', 'observations.infrastructureId')
    .select('observations.uid')
    .where('infrastructureGrants.projectId', '=', projectId)
    .where(sql<boolean>`observations.body -> 'annotations' ->> 'litmuschaos.io/gitops' = 'true'`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function decisionsOf(db: Kysely<Database>, projectId: string, changeIds: string[]): Promise<DecisionRow[]> {
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
