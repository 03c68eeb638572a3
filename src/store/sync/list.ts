import { type Kysely, sql } from 'kysely'
import type { Database } from '../schema.ts'

/** What stands in one line of the list of workflows; a path may be there twice, with a name and as a bad file. */
export interface ListedPath {
  name: string
  path: string
}

export interface ListedQuery {
  /** in the name or in the path */
  q?: string
  /** the last one of the page before */
  after?: ListedPath
  limit: number
}

/**
 * Workflows, new ones that are not in git yet, and bad files that never were one: by name, then path, as bytes. Each of
 * the three is cut to the page before they are put together.
 */
export async function listPaths(
  db: Kysely<Database>,
  projectId: string,
  { q, after, limit }: ListedQuery
): Promise<ListedPath[]> {
  const name = (of: 'name' | 'path') => (of === 'name' ? sql`name` : sql`regexp_replace(path, '^.*/', '')`)
  const page = (of: 'name' | 'path') => sql`
    ${q === undefined ? sql`` : sql`and (strpos(${name(of)}, ${q}) > 0 or strpos(path, ${q}) > 0)`}
    ${after === undefined ? sql`` : sql`and (${name(of)} collate "C", path collate "C") > (${after.name}, ${after.path})`}
    order by ${name(of)} collate "C", path collate "C" limit ${limit}`
  const unknown = sql`not exists (
    select from definitions d where d.project_id = ${projectId} and d.path = one.path and d.deleted_at is null)`
  const { rows } = await sql<ListedPath>`
    select name, path from (
      (select name, path from definitions where project_id = ${projectId} and deleted_at is null ${page('name')})
      union all
      (select name, path from (
        select distinct on (path) name, path from edit_requests
        where project_id = ${projectId} and state in ('open', 'conflict') order by path, number desc
      ) one where ${unknown} ${page('name')})
      union all
      (select ${name('path')} as name, path from files one
        where project_id = ${projectId} and state <> 'good' and ${unknown} ${page('path')})
    ) listed order by name collate "C", path collate "C" limit ${limit}`.execute(db)
  return rows
}
