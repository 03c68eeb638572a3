import { sql } from 'kysely'
import type { Observation } from '../../domain/index.ts'
import type { Db } from '../connect.ts'

/** A workload as its agent saw it last, with what came of its last change. */
export interface WatchedRow {
  infrastructureId: string
  infrastructureName: string
  uid: string
  body: Observation
  receivedAt: Date
  changeAt: Date | null
  runId: string | null
}

/** Where a page ends. */
export interface WatchedPlace {
  namespace: string
  name: string
  uid: string
}

/** The last observation of each workload of the infrastructure, by uid. */
export function listObserved(
  db: Db,
  infrastructureId: string,
  { after, limit }: { after: string | undefined; limit: number }
): Promise<Pick<WatchedRow, 'uid' | 'body'>[]> {
  return db
    .selectFrom('observations')
    .distinctOn('uid')
    .select(['uid', 'body'])
    .where('infrastructureId', '=', infrastructureId)
    .where('uid', '>', after ?? '')
    .orderBy('uid')
    .orderBy('number', 'desc')
    .limit(limit)
    .execute()
}

/** Workloads of the infrastructures that are granted to the project, by namespace and name; of one that was made anew, the newest. */
export async function listWorkloads(
  db: Db,
  projectId: string,
  { after, limit }: { after?: WatchedPlace | undefined; limit: number }
): Promise<WatchedRow[]> {
  const [namespace, name] = [sql`o.body ->> 'namespace'`, sql`o.body ->> 'name'`]
  const beyond =
    after === undefined
      ? sql`true`
      : sql`(${namespace}, ${name}, o.uid) > (${after.namespace}, ${after.name}, ${after.uid})`
  const { rows } = await sql<WatchedRow>`
    select o.infrastructure_id, i.name as infrastructure_name, o.uid, o.body, o.received_at,
      (select c.created_at from workload_changes c
        where c.infrastructure_id = o.infrastructure_id and c.uid = o.uid order by c.number desc limit 1) as change_at,
      (select r.run_id from workload_changes c join decisions d on d.change_id = c.id
        join run_requests r on r.id = d.run_request_id
        where c.infrastructure_id = o.infrastructure_id and c.uid = o.uid and r.project_id = ${projectId}
          and r.run_id is not null order by c.number desc limit 1) as run_id
    from observations o
      join infrastructure_grants g on g.infrastructure_id = o.infrastructure_id and g.project_id = ${projectId}
      join infrastructures i on i.id = o.infrastructure_id and i.removed_at is null
    where ${beyond} and not exists (
      select 1 from observations later
      where later.infrastructure_id = o.infrastructure_id and (later.received_at, later.uid, later.number) > (o.received_at, o.uid, o.number)
        and (later.uid = o.uid or (later.body ->> 'kind' = o.body ->> 'kind'
          and later.body ->> 'namespace' = ${namespace} and later.body ->> 'name' = ${name})))
    order by ${namespace}, ${name}, o.uid limit ${limit}`.execute(db)
  return rows
}
