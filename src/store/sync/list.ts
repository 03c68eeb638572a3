import { sql } from 'kysely'
import { POLICY_KINDS } from '../../domain/index.ts'
import type { Db } from '../connect.ts'

/** What stands in one line of the list of workflows; a path may be there twice, with a name and as a bad file. */
export interface ListedPath {
  name: string
  path: string
}

export interface ListedQuery {
  /** event policies are no workflows, and stand in a list of their own; bad files, of which nobody knows, among the workflows */
  only: 'workflows' | 'policies'
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
  db: Db,
  projectId: string,
  { only, q, after, limit }: ListedQuery
): Promise<ListedPath[]> {
  const name = (of: 'name' | 'path') => (of === 'name' ? sql`name` : sql`regexp_replace(path, '^.*/', '')`)
  const page = (of: 'name' | 'path') => sql`
    ${q === undefined ? sql`` : sql`and (strpos(${name(of)}, ${q}) > 0 or strpos(path, ${q}) > 0)`}
    ${after === undefined ? sql`` : sql`and (${name(of)} collate "C", path collate "C") > (${after.name}, ${after.path})`}
    order by ${name(of)} collate "C", path collate "C" limit ${limit}`
  const unknown = unknownIn(projectId)
  const { rows } = await sql<ListedPath>`
    select name, path from (
      (select name, path from definitions where project_id = ${projectId} and deleted_at is null and ${definitionsOf(only)} ${page('name')})
      union all
      (select name, path from (
        select distinct on (path) name, path, text from edit_requests
        where project_id = ${projectId} and state in ('open', 'conflict') order by path, number desc
      ) one where ${unknown} and ${editsOf(only)} ${page('name')})
      union all
      (select ${name('path')} as name, path from files one
        where ${only === 'workflows'} and project_id = ${projectId} and state in ('invalid', 'refused') and ${unknown} ${page('path')})
    ) listed order by name collate "C", path collate "C" limit ${limit}`.execute(db)
  return rows
}

function definitionsOf(only: ListedQuery['only']) {
  return only === 'policies' ? sql`kind in (${sql.join(POLICY_KINDS)})` : sql`kind not in (${sql.join(POLICY_KINDS)})`
}

/** A new one that is not in git yet has a text only, whose kind stands at the beginning of a line. */
function editsOf(only: ListedQuery['only']) {
  const isPolicy = sql`coalesce(text, '') ~ ${`(?n)^kind:\\s*["']?(${POLICY_KINDS.join('|')})\\M`}`
  return only === 'policies' ? isPolicy : sql`not (${isPolicy})`
}

/** How many lines the whole list of workflows has, and how many of them are workflows. */
export async function countPaths(db: Db, projectId: string): Promise<{ total: number; workflows: number }> {
  const unknown = unknownIn(projectId)
  const { rows } = await sql<{ workflows: number; others: number }>`
    select
      (select count(*) from definitions
        where project_id = ${projectId} and deleted_at is null and ${definitionsOf('workflows')})::int as workflows,
      (
        (select count(distinct path) from edit_requests one
          where project_id = ${projectId} and state in ('open', 'conflict') and ${unknown} and ${editsOf('workflows')})
        + (select count(*) from files one where project_id = ${projectId} and state in ('invalid', 'refused') and ${unknown})
      )::int as others`.execute(db)
  const { workflows, others } = rows[0] ?? { workflows: 0, others: 0 }
  return { total: workflows + others, workflows }
}

/** Where a person is asked: conflicts, bad files, withheld deletions; the first of them by path, and how many there are. */
export async function attentionPaths(
  db: Db,
  projectId: string,
  limit: number
): Promise<{ total: number; paths: string[] }> {
  const { rows } = await sql<{ path: string; total: number }>`
    select path, (count(*) over ())::int as total from (
      select path from definitions where project_id = ${projectId} and deleted_at is null and conflict is not null
      union
      select path from edit_requests where project_id = ${projectId} and state = 'conflict'
      union
      select path from files where project_id = ${projectId} and state in ('invalid', 'refused')
      union
      select path from definitions where project_id = ${projectId} and deleted_at is null and path in (
        select jsonb_array_elements_text(detail -> 'paths') from withheld
        where project_id = ${projectId} and state = 'waiting' and kind in ('deletions', 'missing-path'))
    ) asking order by path collate "C" limit ${limit}`.execute(db)
  return { total: rows[0]?.total ?? 0, paths: rows.map(({ path }) => path) }
}

/** So many of the newest runs are looked at for who ran last. */
const NEWEST_RUNS = 500

/** Of the workflows that ran among the newest runs, those that ran last. */
export async function pathsRunLast(db: Db, projectId: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ path: string }>`
    select path from (
      select definition_id, max(id) as last from (
        select definition_id, id from runs where project_id = ${projectId} order by id desc limit ${NEWEST_RUNS}
      ) newest group by definition_id
    ) ran join definitions on definitions.id = definition_id
    where deleted_at is null order by last desc limit ${limit}`.execute(db)
  return rows.map(({ path }) => path)
}

/** Of the row `one`: no workflow is at its path. */
function unknownIn(projectId: string) {
  return sql`not exists (
    select from definitions d where d.project_id = ${projectId} and d.path = one.path and d.deleted_at is null)`
}

/**
 * Paths of the project's folder in git, as the last pass saw it, with those that edits bring there and those that are
 * gone from there but not from here: as bytes.
 */
export async function listFilePaths(
  db: Db,
  projectId: string,
  { q, after, limit }: { q?: string; after?: string; limit: number }
): Promise<string[]> {
  const page = sql`project_id = ${projectId}
    ${q === undefined ? sql`` : sql`and strpos(path, ${q}) > 0`}
    ${after === undefined ? sql`` : sql`and path collate "C" > ${after}`}`
  const { rows } = await sql<{ path: string }>`
    select path from (
      select path from files where ${page}
      union select path from edit_requests where ${page} and state in ('open', 'conflict')
      union select path from definitions
        where ${page} and deleted_at is null and (git_blob is not null or conflict is not null)
    ) listed order by path collate "C" limit ${limit}`.execute(db)
  return rows.map(({ path }) => path)
}
