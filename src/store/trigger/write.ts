import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { namespaceProblem, type Observation } from '../../domain/index.ts'
import { guardrailsOf } from '../runs/read.ts'
import type { Database, DecisionTable, ObservationTable, WorkloadChangeTable } from '../schema.ts'
import { suspensionOf } from '../sync/suspension.ts'

type Db = Kysely<Database>
export type Tx = Transaction<Database>
export type ChangeRow = Selectable<WorkloadChangeTable>
export type ObservationRow = Selectable<ObservationTable>
export type NewDecision = Insertable<DecisionTable>

/** The oldest observation that was not compared yet, locked; workloads that another server works on are skipped. */
export async function takeObservation(tx: Tx): Promise<ObservationRow | undefined> {
  const next = await tx
    .selectFrom('observations')
    .selectAll()
    .where('comparedAt', 'is', null)
    .orderBy('receivedAt')
    .orderBy('number')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (next === undefined) return undefined
  // one workload at a time: its observations are compared in their order, whatever number of servers share the work
  await sql`select pg_advisory_xact_lock(hashtext(${next.infrastructureId}), hashtext(${next.uid}))`.execute(tx)
  return tx
    .selectFrom('observations')
    .selectAll()
    .where('infrastructureId', '=', next.infrastructureId)
    .where('uid', '=', next.uid)
    .where('comparedAt', 'is', null)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst()
}

/** The last compared observation of the workload. */
export async function comparedBefore(
  tx: Tx,
  key: { infrastructureId: string; uid: string }
): Promise<Observation | undefined> {
  const row = await tx
    .selectFrom('observations')
    .select('body')
    .where('infrastructureId', '=', key.infrastructureId)
    .where('uid', '=', key.uid)
    .where('comparedAt', 'is not', null)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.body
}

/** Marks it compared, and forgets the older ones: only the last is a base for comparison. */
export async function markCompared(tx: Tx, observation: ObservationRow, now: Date): Promise<void> {
  const ofWorkload = { infrastructureId: observation.infrastructureId, uid: observation.uid }
  await tx
    .updateTable('observations')
    .set({ comparedAt: now })
    .where('infrastructureId', '=', ofWorkload.infrastructureId)
    .where('uid', '=', ofWorkload.uid)
    .where('number', '=', observation.number)
    .execute()
  await tx
    .deleteFrom('observations')
    .where('infrastructureId', '=', ofWorkload.infrastructureId)
    .where('uid', '=', ofWorkload.uid)
    .where('number', '<', observation.number)
    .execute()
}

export async function waitingChange(
  tx: Tx,
  key: { infrastructureId: string; uid: string }
): Promise<ChangeRow | undefined> {
  return tx
    .selectFrom('workloadChanges')
    .selectAll()
    .where('infrastructureId', '=', key.infrastructureId)
    .where('uid', '=', key.uid)
    .where('state', '=', 'waiting')
    .forUpdate()
    .executeTakeFirst()
}

/** Changes that wait for a healthy rollout since before `since`; locked. */
export async function overdueChanges(tx: Tx, since: Date): Promise<ChangeRow[]> {
  return tx
    .selectFrom('workloadChanges')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('createdAt', '<', since)
    .limit(100)
    .forUpdate()
    .skipLocked()
    .execute()
}

export async function insertChange(tx: Tx, change: Insertable<WorkloadChangeTable>): Promise<void> {
  await tx.insertInto('workloadChanges').values(change).execute()
}

export async function decideChange(tx: Tx, id: string, decisions: NewDecision[], now: Date): Promise<void> {
  await tx.updateTable('workloadChanges').set({ state: 'decided', decidedAt: now }).where('id', '=', id).execute()
  if (decisions.length > 0) await tx.insertInto('decisions').values(decisions).execute()
}

/** What is known of a workflow that a workload asks for by name or id, in one project. */
export interface AskedWorkflow {
  id: string
  name: string
  suspended: string | null
}

export async function findAsked(tx: Tx, projectId: string, asked: string): Promise<AskedWorkflow | undefined> {
  const row = await tx
    .selectFrom('definitions')
    .select(['id', 'name'])
    .where('projectId', '=', projectId)
    .where('deletedAt', 'is', null)
    .where((eb) => eb.or([eb('name', '=', asked), eb('id', '=', asked)]))
    .executeTakeFirst()
  return row === undefined ? undefined : { ...row, suspended: await suspensionOf(tx, row.id) }
}

export async function grantedProjects(tx: Tx, infrastructureId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('infrastructureGrants')
    .select('projectId')
    .where('infrastructureId', '=', infrastructureId)
    .orderBy('projectId')
    .execute()
  return rows.map((row) => row.projectId)
}

/** Why the project's guardrails keep chaos from this namespace; null = they do not. */
export async function namespaceForbidden(db: Db, projectId: string, namespace: string): Promise<string | null> {
  return namespaceProblem(namespace, await guardrailsOf(db, projectId))
}
