import { type Insertable, type Selectable, sql } from 'kysely'
import { namespaceProblem, type Observation, POLICY_KINDS } from '../../domain/index.ts'
import type { Db, Tx } from '../connect.ts'
import { guardrailsOf } from '../runs/read.ts'
import type { DecisionTable, ObservationTable, WorkloadChangeTable } from '../schema.ts'
import { suspensionOf } from '../sync/suspension.ts'

export type { Tx } from '../connect.ts'
export * from './hooks.ts'
export * from './policies.ts'
export { deleteOldChanges, deleteOldObservations } from './retention.ts'

export type ChangeRow = Selectable<WorkloadChangeTable>
export type ObservationRow = Selectable<ObservationTable>
export type NewDecision = Insertable<DecisionTable>

export interface WorkloadKey {
  infrastructureId: string
  uid: string
}

/** workloads that are told of at once */
const AT_ONCE = 50

/** Workloads with an observation that was not compared yet, the longest waiting first. */
export async function workloadsToCompare(db: Db): Promise<WorkloadKey[]> {
  return db
    .selectFrom('observations')
    .select(['infrastructureId', 'uid'])
    .where('comparedAt', 'is', null)
    .groupBy(['infrastructureId', 'uid'])
    .orderBy(sql`min(received_at)`)
    .limit(AT_ONCE)
    .execute()
}

/**
 * The first observation of the workload that was not compared yet; none if another server works on it. The workload is
 * locked until the transaction ends, never its rows: two servers that lock rows of one workload would wait for each other.
 */
export async function takeObservation(tx: Tx, workload: WorkloadKey): Promise<ObservationRow | undefined> {
  return (await lockWorkload(tx, workload)) ? firstToCompare(tx, workload) : undefined
}

async function lockWorkload(tx: Tx, { infrastructureId, uid }: WorkloadKey): Promise<boolean> {
  const { rows } = await sql<{
    locked: boolean
  }>`select pg_try_advisory_xact_lock(hashtext(${infrastructureId}), hashtext(${uid})) as locked`.execute(tx)
  return rows[0]?.locked === true
}

/** read after the lock was taken: what the server before us has committed is seen */
async function firstToCompare(tx: Tx, { infrastructureId, uid }: WorkloadKey): Promise<ObservationRow | undefined> {
  return tx
    .selectFrom('observations')
    .selectAll()
    .where('infrastructureId', '=', infrastructureId)
    .where('uid', '=', uid)
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
export async function markCompared(
  tx: Tx,
  { infrastructureId, uid, number }: ObservationRow,
  now: Date
): Promise<void> {
  await sql`
    with older as (
      delete from observations where infrastructure_id = ${infrastructureId} and uid = ${uid} and number < ${number}
    )
    update observations set compared_at = ${now}
    where infrastructure_id = ${infrastructureId} and uid = ${uid} and number = ${number}`.execute(tx)
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

/** Waiting changes of which something is due; locked. */
export async function dueChanges(tx: Tx, now: Date): Promise<ChangeRow[]> {
  return tx
    .selectFrom('workloadChanges')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('lookAt', '<=', now)
    .orderBy('lookAt')
    .limit(100)
    .forUpdate()
    .skipLocked()
    .execute()
}

/** When the next waiting change is due; null = none waits. */
export async function nextDue(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('workloadChanges')
    .select('lookAt')
    .where('state', '=', 'waiting')
    .where('lookAt', 'is not', null)
    .orderBy('lookAt')
    .limit(1)
    .executeTakeFirst()
  return row?.lookAt ?? null
}

/** Stores a new change with what was decided of it at once. */
export async function insertChange(
  tx: Tx,
  change: Insertable<WorkloadChangeTable>,
  decisions: readonly NewDecision[]
): Promise<void> {
  await tx.insertInto('workloadChanges').values(change).execute()
  await insertDecisions(tx, decisions)
}

/** Stores what was decided; the change waits on until `lookAt`, or is decided where that is null. */
export async function decideChange(
  tx: Tx,
  id: string,
  { decisions, lookAt, now }: { decisions: readonly NewDecision[]; lookAt: Date | null; now: Date }
): Promise<void> {
  const ended = lookAt === null ? ({ state: 'decided', decidedAt: now } as const) : {}
  await tx
    .updateTable('workloadChanges')
    .set({ lookAt, ...ended })
    .where('id', '=', id)
    .execute()
  await insertDecisions(tx, decisions)
}

async function insertDecisions(tx: Tx, decisions: readonly NewDecision[]): Promise<void> {
  if (decisions.length === 0) return
  await tx
    .insertInto('decisions')
    .values([...decisions])
    .execute()
}

export async function markHealthy(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.updateTable('workloadChanges').set({ healthyAt: now }).where('id', '=', id).execute()
}

/** What is known of a workflow that a workload asks for by name or id, in one project. */
export interface AskedWorkflow {
  id: string
  name: string
  suspended: string | null
}

/** By its name or id; else the one that had this name before, the latest to have it. A policy is none. */
export async function findAsked(tx: Tx, projectId: string, asked: string): Promise<AskedWorkflow | undefined> {
  const live = tx
    .selectFrom('definitions')
    .select(['id', 'name'])
    .where('projectId', '=', projectId)
    .where('kind', 'not in', POLICY_KINDS)
    .where('deletedAt', 'is', null)
  const row =
    (await live.where((eb) => eb.or([eb('name', '=', asked), eb('id', '=', asked)])).executeTakeFirst()) ??
    (await live
      .where(sql<boolean>`aliases @> ${JSON.stringify([asked])}::jsonb`)
      .orderBy('updatedAt', 'desc')
      .executeTakeFirst())
  return row === undefined ? undefined : { ...row, suspended: await suspensionOf(tx, row.id) }
}

/** Why the project's guardrails keep chaos from this namespace; null = they do not. */
export async function namespaceForbidden(db: Db, projectId: string, namespace: string): Promise<string | null> {
  return namespaceProblem(namespace, await guardrailsOf(db, projectId))
}
