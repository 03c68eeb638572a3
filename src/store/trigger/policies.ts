import { sql } from 'kysely'
import { POLICY_KINDS } from '../../domain/index.ts'
import type { Db, Tx } from '../connect.ts'
import { suspensionOf } from '../sync/suspension.ts'
import { lockFor } from '../transaction.ts'

export interface PolicyHead {
  id: string
  projectId: string
  name: string
  revision: number
}

/** The event policies of these projects, by name: which revision of each counts now. */
export async function policiesOf(db: Db, projects: readonly string[]): Promise<PolicyHead[]> {
  if (projects.length === 0) return []
  return db
    .selectFrom('definitions')
    .select(['id', 'projectId', 'name', 'revision'])
    .where('projectId', 'in', projects)
    .where('kind', 'in', POLICY_KINDS)
    .where('deletedAt', 'is', null)
    .orderBy('name')
    .execute()
}

/** Texts of these revisions of policies. */
export async function policyTexts(
  db: Db,
  policies: readonly PolicyHead[]
): Promise<{ id: string; revision: number; text: string }[]> {
  if (policies.length === 0) return []
  return db
    .selectFrom('revisions')
    .select(['definitionId as id', 'number as revision', 'text'])
    .where((eb) => eb.or(policies.map(({ id, revision }) => eb.and({ definitionId: id, number: revision }))))
    .execute()
}

/** Why this policy starts nothing now; null = it may. */
export async function policySuspension(tx: Tx, policyId: string): Promise<string | null> {
  return suspensionOf(tx, policyId)
}

/** When a run was last asked for by this policy because of this workload. */
export async function lastTriggered(
  tx: Tx,
  policyId: string,
  workload: { infrastructureId: string; uid: string }
): Promise<Date | null> {
  const row = await tx
    .selectFrom('decisions')
    .innerJoin('workloadChanges', 'workloadChanges.id', 'decisions.changeId')
    .select('decisions.createdAt')
    .where('decisions.policyId', '=', policyId)
    .where('decisions.outcome', '=', 'triggered')
    .where('workloadChanges.infrastructureId', '=', workload.infrastructureId)
    .where('workloadChanges.uid', '=', workload.uid)
    .orderBy('decisions.createdAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.createdAt ?? null
}

/**
 * How many runs this policy has asked for since then. Held until the transaction ends: two servers that decide at once
 * for one policy count one after the other.
 */
export async function triggeredSince(tx: Tx, policyId: string, since: Date): Promise<number> {
  await lockFor(tx, 'policy', policyId)
  const row = await tx
    .selectFrom('decisions')
    .select(sql<string>`count(*)`.as('count'))
    .where('policyId', '=', policyId)
    .where('outcome', '=', 'triggered')
    .where('createdAt', '>', since)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** What has been decided of a change, by policy; null = without one. */
export async function decidedPolicies(tx: Tx, changeId: string): Promise<Set<string | null>> {
  const rows = await tx.selectFrom('decisions').select('policyId').where('changeId', '=', changeId).distinct().execute()
  return new Set(rows.map(({ policyId }) => policyId))
}

/** The infrastructure's name, and the projects that it is granted to, in the order of their ids. */
export async function sceneOf(db: Db, infrastructureId: string): Promise<{ name: string; projects: string[] }> {
  const { rows } = await sql<{ name: string; projects: string[] }>`
    select i.name, array(select project_id from infrastructure_grants g
      where g.infrastructure_id = i.id and i.removed_at is null order by project_id) as projects
    from infrastructures i where i.id = ${infrastructureId}`.execute(db)
  return rows[0] ?? { name: infrastructureId, projects: [] }
}
