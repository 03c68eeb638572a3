import { type Selectable, sql } from 'kysely'
import type { Db } from '../connect.ts'
import type {
  DefinitionTable,
  EditRequestTable,
  FileTable,
  GitopsSettingsTable,
  RevisionTable,
  SyncStateTable,
  WithheldTable
} from '../schema.ts'

export type DefinitionRow = Selectable<DefinitionTable>
export type EditRow = Selectable<EditRequestTable>
export type FileRow = Selectable<FileTable>
export type RevisionRow = Selectable<RevisionTable>
export type SettingsRow = Selectable<GitopsSettingsTable>
export type SyncStateRow = Selectable<SyncStateTable>
export type WithheldRow = Selectable<WithheldTable>

/** Live definitions, by path: all, or those at some paths. */
export async function listDefinitions(
  db: Db,
  projectId: string,
  paths: readonly string[] | null = null
): Promise<DefinitionRow[]> {
  return db
    .selectFrom('definitions')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('deletedAt', 'is', null)
    .$if(paths !== null, (query) => query.where('path', 'in', paths ?? []))
    .orderBy('path')
    .execute()
}

/** A live definition by its name. */
export async function findDefinition(db: Db, projectId: string, name: string): Promise<DefinitionRow | undefined> {
  return db
    .selectFrom('definitions')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('name', '=', name)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
}

/** By a name that it had before; where several had it, the latest of them. */
export async function findRenamed(db: Db, projectId: string, name: string): Promise<DefinitionRow | undefined> {
  return db
    .selectFrom('definitions')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('deletedAt', 'is', null)
    .where(sql<boolean>`aliases @> jsonb_build_array(${name}::text)`)
    .orderBy('updatedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** A live definition by its path. */
export async function definitionAt(db: Db, projectId: string, path: string): Promise<DefinitionRow | undefined> {
  return db
    .selectFrom('definitions')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('path', '=', path)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
}

/** Edit requests that have not ended, in their order: all, or those at some paths. */
export async function openEdits(db: Db, projectId: string, paths: readonly string[] | null = null): Promise<EditRow[]> {
  return db
    .selectFrom('editRequests')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('state', 'in', ['open', 'conflict'])
    .$if(paths !== null, (query) => query.where('path', 'in', paths ?? []))
    .orderBy('number')
    .execute()
}

export async function editsOfPath(db: Db, projectId: string, path: string): Promise<EditRow[]> {
  return openEdits(db, projectId, [path])
}

export async function findEdit(db: Db, projectId: string, id: string): Promise<EditRow | undefined> {
  return db
    .selectFrom('editRequests')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Those of the files at these paths that are no good manifests, by path. */
export async function invalidFiles(db: Db, projectId: string, paths: readonly string[]): Promise<FileRow[]> {
  return db
    .selectFrom('files')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('state', 'in', ['invalid', 'refused'])
    .where('path', 'in', paths)
    .orderBy('path')
    .execute()
}

/** As the last pass saw them: all, or those at some paths. */
export async function knownFiles(
  db: Db,
  projectId: string,
  paths: readonly string[] | null = null
): Promise<FileRow[]> {
  return db
    .selectFrom('files')
    .selectAll()
    .where('projectId', '=', projectId)
    .$if(paths !== null, (query) => query.where('path', 'in', paths ?? []))
    .execute()
}

/** What waits for a person's approval. */
export async function waitingWithheld(db: Db, projectId: string): Promise<WithheldRow[]> {
  return db
    .selectFrom('withheld')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .execute()
}

export async function revisionText(db: Db, definitionId: string, number: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('revisions')
    .select('text')
    .where('definitionId', '=', definitionId)
    .where('number', '=', number)
    .executeTakeFirst()
  return row?.text
}

/** The texts that run, by definition. */
export async function runningTexts(db: Db, definitionIds: readonly string[]): Promise<Map<string, string>> {
  if (definitionIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('revisions')
    .innerJoin('definitions', (join) =>
      join.onRef('definitions.id', '=', 'revisions.definitionId').onRef('definitions.revision', '=', 'revisions.number')
    )
    .select(['revisions.definitionId', 'revisions.text'])
    .where('revisions.definitionId', 'in', definitionIds)
    .execute()
  return new Map(rows.map(({ definitionId, text }) => [definitionId, text]))
}

/** The text that git names so, if it is one of the definition's revisions. */
export async function textOfBlob(db: Db, definitionId: string, blob: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('revisions')
    .select('text')
    .where('definitionId', '=', definitionId)
    .where('blob', '=', blob)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.text
}

/** Deleted ones that had a text, the latest deletion first. */
export async function listDeleted(
  db: Db,
  projectId: string,
  page: { limit: number; offset: number }
): Promise<DefinitionRow[]> {
  return db
    .selectFrom('definitions')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('deletedAt', 'is not', null)
    .where('revision', '>', 0)
    .orderBy('deletedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

/** Of those that were deleted at one moment, how many are so still. */
export async function countDeletedAt(db: Db, projectId: string, at: Date): Promise<number> {
  const row = await db
    .selectFrom('definitions')
    .select(sql<string>`count(*)`.as('count'))
    .where('projectId', '=', projectId)
    .where('deletedAt', '=', at)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export async function deletedDefinition(db: Db, projectId: string, id: string): Promise<DefinitionRow | undefined> {
  return db
    .selectFrom('definitions')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('id', '=', id)
    .where('deletedAt', 'is not', null)
    .executeTakeFirst()
}

/** Newest first, without their texts. */
export async function listRevisions(
  db: Db,
  definitionId: string,
  page: { limit: number; before: number | null }
): Promise<Omit<RevisionRow, 'text'>[]> {
  let query = db
    .selectFrom('revisions')
    .select(['definitionId', 'number', 'blob', 'sha256', 'author', 'origin', 'commit', 'message', 'createdAt'])
    .select('overwrittenBy')
    .where('definitionId', '=', definitionId)
    .orderBy('number', 'desc')
    .limit(page.limit)
  if (page.before !== null) query = query.where('number', '<', page.before)
  return query.execute()
}

export async function settingsOf(db: Db, projectId: string): Promise<SettingsRow | undefined> {
  return db.selectFrom('gitopsSettings').selectAll().where('projectId', '=', projectId).executeTakeFirst()
}

/** Why nothing goes to git or comes from it by a person's will, one sentence; null = nobody has paused it. */
export async function pauseReason(db: Db, projectId: string): Promise<string | null> {
  const settings = await settingsOf(db, projectId)
  return settings?.enabled && settings.pausedBy !== null ? pausedBecause(settings.pausedBy) : null
}

export function pausedBecause(by: string): string {
  return `GitOps was paused by ${by}.`
}

/** When the next pass is due by the clock; null = none. Passes that are under way count for when they may be late. */
export async function nextPassDue(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('syncState')
    .innerJoin('gitopsSettings', 'gitopsSettings.projectId', 'syncState.projectId')
    .select(sql<Date | null>`min(greatest(next_check_at, leased_until))`.as('due'))
    .where('enabled', '=', true)
    .where('pausedAt', 'is', null)
    .executeTakeFirst()
  return row?.due ?? null
}

/** Of all projects that have GitOps on. */
export async function enabledSettings(db: Db): Promise<SettingsRow[]> {
  return db.selectFrom('gitopsSettings').selectAll().where('enabled', '=', true).execute()
}

export async function syncStateOf(db: Db, projectId: string): Promise<SyncStateRow | undefined> {
  return db.selectFrom('syncState').selectAll().where('projectId', '=', projectId).executeTakeFirst()
}

/** Accepted by a person for exactly this. */
export async function acceptedWithheld(db: Db, projectId: string): Promise<WithheldRow[]> {
  return db
    .selectFrom('withheld')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('state', '=', 'accepted')
    .orderBy('id', 'desc')
    .limit(20)
    .execute()
}

/** Highest revision number of each definition, which may be above the one shown. */
export async function lastRevisionNumber(db: Db, definitionId: string): Promise<number> {
  const row = await db
    .selectFrom('revisions')
    .select(sql<number>`max(number)`.as('last'))
    .where('definitionId', '=', definitionId)
    .executeTakeFirst()
  return Number(row?.last ?? 0)
}

/** Which of these commits became of edit requests of ours. */
export async function ourCommits(db: Db, projectId: string, commits: readonly string[]): Promise<Set<string>> {
  if (commits.length === 0) return new Set()
  const rows = await db
    .selectFrom('editRequests')
    .select('commit')
    .where('projectId', '=', projectId)
    .where('commit', 'in', [...commits])
    .execute()
  return new Set(rows.flatMap(({ commit }) => (commit === null ? [] : [commit])))
}
