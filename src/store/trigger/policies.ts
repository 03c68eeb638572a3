import { sql } from 'kysely'
import { POLICY_KINDS } from '../../domain/index.ts'
import type { Db, Tx } from '../connect.ts'
import { suspensionOf } from '../sync/suspension.ts'
import { lockFor } from '../transaction.ts'

export interface PolicyRow {
  id: string
  projectId: string
  name: string
  kind: string
  path: string
  revision: number
  text: string
}

/** The event policies of these projects, by name; each with the text that counts now. */
export async function policiesOf(db: Db, projects: readonly string[]): Promise<PolicyRow[]> {
  if (projects.length === 0) return []
  return db
    .selectFrom('definitions')
    .innerJoin('revisions', (join) =>
      join.onRef('revisions.definitionId', '=', 'definitions.id').onRef('revisions.number', '=', 'definitions.revision')
    )
    .select(['definitions.id', 'definitions.projectId', 'definitions.name', 'definitions.kind', 'definitions.path'])
    .select(['definitions.revision', 'revisions.text'])
    .where('definitions.projectId', 'in', projects)
    .where('definitions.kind', 'in', POLICY_KINDS)
    .where('definitions.deletedAt', 'is', null)
    .orderBy('definitions.name')
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

export async function infrastructureName(tx: Tx, id: string): Promise<string> {
  const row = await tx.selectFrom('infrastructures').select('name').where('id', '=', id).executeTakeFirst()
  return row?.name ?? id
}
