import { type Insertable, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../connect.ts'
import { toJson } from '../json.ts'
import { notify } from '../notify.ts'
import type {
  DefinitionTable,
  EditRequestTable,
  FileTable,
  GitopsSettingsTable,
  RevisionTable,
  SyncStateTable,
  WithheldDetail,
  WithheldTable
} from '../schema.ts'
import { lockFor } from '../transaction.ts'
import type { SettingsRow, SyncStateRow } from './read.ts'

export type { Tx } from '../connect.ts'

export * from './note-overwritten.ts'
export { insertPass, type NewPass, noteNothing } from './passes.ts'
export * from './rehome.ts'
export { deleteOldEdits, deleteOldPasses, deleteOldWithheld } from './retention.ts'
export * from './sealed.ts'

export type NewFile = Insertable<FileTable>
export type NewWithheld = Insertable<WithheldTable>
export type NewRevision = Insertable<RevisionTable>
export type NewDefinition = Insertable<DefinitionTable>
export type StateChange = Updateable<SyncStateTable>

/* settings */

export async function saveSettings(db: Db, settings: Insertable<GitopsSettingsTable>): Promise<void> {
  const { projectId: _key, ...columns } = settings
  await db
    .insertInto('gitopsSettings')
    .values(settings)
    .onConflict((conflict) => conflict.column('projectId').doUpdateSet(columns))
    .execute()
}

export interface Standing {
  /** of the settings that git was read with */
  epoch: number
  /** of the pass; absent: it is no pass */
  lease?: string
}

/**
 * Holds a project's definitions and edit requests still until the transaction ends: no edit is inserted meanwhile.
 * False: its GitOps settings have changed, or another server has taken the pass over; what was read from git counts no
 * more, it may be older than what is stored.
 */
export async function holdProject(tx: Tx, projectId: string, standing: Standing | null): Promise<boolean> {
  await lockFor(tx, 'edit', projectId)
  if (standing === null) return true
  const { epoch, lease } = standing
  return (await holdEpoch(tx, projectId, epoch)) && (lease === undefined || (await isLeased(tx, projectId, lease)))
}

export async function isLeased(db: Db, projectId: string, lease: string): Promise<boolean> {
  const row = await db.selectFrom('syncState').select('lease').where('projectId', '=', projectId).executeTakeFirst()
  return row?.lease === lease
}

async function holdEpoch(tx: Tx, projectId: string, epoch: number): Promise<boolean> {
  const row = await tx
    .selectFrom('gitopsSettings')
    .select('epoch')
    .where('projectId', '=', projectId)
    .forShare()
    .executeTakeFirst()
  return row?.epoch === epoch
}

/* state and lease */

const FIRST_STATE = {
  status: 'ready' as const,
  code: null,
  message: null,
  cause: null,
  syncedCommit: null,
  syncedAt: null,
  tipCommit: null,
  tipAuthor: null,
  tipSubject: null,
  tipAt: null,
  checkedAt: null,
  nextCheckAt: null,
  failures: 0,
  knockedAt: null,
  hookAt: null,
  hookEvent: null,
  hookRefusedAt: null,
  hookRefusal: null,
  hookProvedAt: null
}

/** Makes the row, or makes it as new: nothing is known of the repository yet. The lease stays. */
export async function resetState(db: Db, projectId: string): Promise<void> {
  await db
    .insertInto('syncState')
    .values({ projectId, ...FIRST_STATE, lease: null, leasedUntil: null })
    .onConflict((conflict) => conflict.column('projectId').doUpdateSet(FIRST_STATE))
    .execute()
}

/** Sync soon, whatever the clock says. */
export async function knock(db: Db, projectId: string, now: Date): Promise<void> {
  await db
    .insertInto('syncState')
    .values({ projectId, ...FIRST_STATE, lease: null, leasedUntil: null, knockedAt: now })
    .onConflict((conflict) => conflict.column('projectId').doUpdateSet({ knockedAt: now }))
    .execute()
}

/** Knocks at every project that has open edit requests: notifications may have been missed. */
export async function knockForEdits(db: Db, now: Date): Promise<void> {
  const rows = await db.selectFrom('editRequests').select('projectId').distinct().where('state', '=', 'open').execute()
  for (const { projectId } of rows) await knock(db, projectId, now)
}

export interface LeaseOrder {
  lease: string
  now: Date
  until: Date
  limit: number
}

/** A project in the caller's hand, as it was when its pass became due. */
export interface DueProject {
  state: SyncStateRow
  settings: SettingsRow | undefined
}

/** Projects whose pass is due and that no server has in hand, now in ours; never those that a person has paused. */
export async function leaseDue(db: Db, order: LeaseOrder): Promise<DueProject[]> {
  const due = db
    .selectFrom('syncState')
    .leftJoin('gitopsSettings', 'gitopsSettings.projectId', 'syncState.projectId')
    .select('syncState.projectId')
    .where((eb) => eb.or([eb('leasedUntil', 'is', null), eb('leasedUntil', '<', order.now)]))
    .where('gitopsSettings.pausedAt', 'is', null)
    .where((eb) =>
      eb.or([
        eb('knockedAt', 'is not', null),
        eb.and([
          eb('gitopsSettings.enabled', '=', true),
          eb.or([eb('nextCheckAt', 'is', null), eb('nextCheckAt', '<=', order.now)])
        ])
      ])
    )
    .orderBy('nextCheckAt')
    .limit(order.limit)
    .forUpdate('syncState')
    .skipLocked()
  const states = await db
    .updateTable('syncState')
    .set({ lease: order.lease, leasedUntil: order.until })
    .where('projectId', 'in', due)
    .returningAll()
    .execute()
  const settings = await settingsOfAll(
    db,
    states.map(({ projectId }) => projectId)
  )
  return states.map((state) => ({ state, settings: settings.get(state.projectId) }))
}

async function settingsOfAll(db: Db, projects: readonly string[]): Promise<ReadonlyMap<string, SettingsRow>> {
  if (projects.length === 0) return new Map()
  const rows = await db.selectFrom('gitopsSettings').selectAll().where('projectId', '=', anyOf(projects)).execute()
  return new Map(rows.map((row) => [row.projectId, row]))
}

function anyOf(values: readonly string[]) {
  return sql<string>`any(${values}::text[])`
}

/** rows in one statement: more of them hold the event loop, and the database's protocol has 65,535 values for one */
const AT_ONCE = 200

function inChunks<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / AT_ONCE) }, (_, n) => rows.slice(n * AT_ONCE, (n + 1) * AT_ONCE))
}

export interface Held {
  projectId: string
  lease: string
}

export async function renewLeases(db: Db, held: readonly Held[], until: Date): Promise<void> {
  await sql`
    update sync_state set leased_until = ${until}
    from jsonb_to_recordset(${JSON.stringify(held)}::jsonb) as held("projectId" text, lease text)
    where sync_state.project_id = held."projectId" and sync_state.lease = held.lease`.execute(db)
}

/** A pass that changes nothing but when the next one is due; `checkedAt` null: it has not even looked. */
export interface QuietEnd extends Held {
  checkedAt: Date | null
  nextCheckAt: Date
}

/** Lets go of many at once; a knock stays. */
export async function releaseQuietly(db: Db, ends: readonly QuietEnd[]): Promise<void> {
  await sql`
    update sync_state
    set lease = null, leased_until = null, next_check_at = ended."nextCheckAt",
      checked_at = coalesce(ended."checkedAt", sync_state.checked_at)
    from jsonb_to_recordset(${JSON.stringify(ends)}::jsonb)
      as ended("projectId" text, lease text, "checkedAt" timestamptz, "nextCheckAt" timestamptz)
    where sync_state.project_id = ended."projectId" and sync_state.lease = ended.lease`.execute(db)
}

/** Lets go; a knock that came after the pass had begun stays. */
export async function release(
  db: Db,
  projectId: string,
  end: { lease: string; began: Date; change: StateChange }
): Promise<void> {
  await db
    .updateTable('syncState')
    .set({ ...end.change, lease: null, leasedUntil: null })
    .set((eb) => ({
      knockedAt: eb.case().when('knockedAt', '<=', end.began).then(null).else(eb.ref('knockedAt')).end()
    }))
    .where('projectId', '=', projectId)
    .where('lease', '=', end.lease)
    .execute()
}

export async function changeState(tx: Db, projectId: string, change: StateChange): Promise<void> {
  await tx.updateTable('syncState').set(change).where('projectId', '=', projectId).execute()
}

/** Notes a webhook that was not heard, unless one was noted since then. False: nothing was noted. */
export async function refuseHook(
  db: Db,
  projectId: string,
  { refusal, now, unlessSince }: { refusal: string; now: Date; unlessSince: Date }
): Promise<boolean> {
  const result = await db
    .updateTable('syncState')
    .set({ hookRefusedAt: now, hookRefusal: refusal })
    .where('projectId', '=', projectId)
    .where((eb) => eb.or([eb('hookRefusedAt', 'is', null), eb('hookRefusedAt', '<', unlessSince)]))
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/* definitions */

export async function insertDefinitions(tx: Db, definitions: readonly NewDefinition[]): Promise<void> {
  for (const some of inChunks(definitions)) await tx.insertInto('definitions').values(some).execute()
}

export async function updateDefinition(tx: Db, id: string, change: Updateable<DefinitionTable>): Promise<void> {
  await tx.updateTable('definitions').set(change).where('id', '=', id).execute()
}

export async function insertRevisions(tx: Db, revisions: readonly NewRevision[]): Promise<void> {
  for (const some of inChunks(revisions)) await tx.insertInto('revisions').values(some).execute()
}

/** Its name is free for another one (two may swap theirs in one commit), and stays an alias: workloads may ask by it. */
export async function parkName(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('definitions')
    .set({
      name: id,
      aliases: sql`case when aliases @> jsonb_build_array(name) then aliases else aliases || jsonb_build_array(name) end`
    })
    .where('id', '=', id)
    .execute()
}

/** A deleted definition of this path, whose history a new one at the same place goes on with. */
export async function findDeleted(tx: Db, projectId: string, path: string): Promise<{ id: string } | undefined> {
  return tx
    .selectFrom('definitions')
    .select('id')
    .where('projectId', '=', projectId)
    .where('path', '=', path)
    .where('deletedAt', 'is not', null)
    .orderBy('deletedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Those of the paths at which a definition was deleted. */
export async function deletedPaths(tx: Db, projectId: string, paths: readonly string[]): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('definitions')
    .select('path')
    .where('projectId', '=', projectId)
    .where('path', '=', anyOf(paths))
    .where('deletedAt', 'is not', null)
    .execute()
  return new Set(rows.map(({ path }) => path))
}

/** GitOps is off, or the repository another one: what is known of git counts no more. */
export async function forgetGit(tx: Db, projectId: string): Promise<void> {
  await tx
    .updateTable('definitions')
    .set({ gitBlob: null, gitCommit: null, conflict: null, suspended: null })
    .where('projectId', '=', projectId)
    .execute()
  await tx.deleteFrom('files').where('projectId', '=', projectId).execute()
  await tx
    .updateTable('withheld')
    .set({ state: 'gone', endedAt: new Date() })
    .where('projectId', '=', projectId)
    .where('state', '!=', 'gone')
    .execute()
}

/* files */

/** Only what is another than before: a pass over thousands of files that changes one writes one row. */
export async function changeFiles(
  tx: Db,
  projectId: string,
  { changed, gone }: { changed: readonly NewFile[]; gone: readonly string[] }
): Promise<void> {
  const paths = [...gone, ...changed.map((file) => file.path)]
  if (paths.length > 0)
    await tx.deleteFrom('files').where('projectId', '=', projectId).where('path', '=', anyOf(paths)).execute()
  for (const some of inChunks(changed)) await tx.insertInto('files').values(some).execute()
}

/* edit requests */

/**
 * Notes commits before their push. Answers the requests that are still open: the others are not to be pushed, and none is
 * once the settings that git was read with are others.
 */
export async function noteTries(
  db: Db,
  tries: readonly { id: string; commit: string }[],
  epoch: number
): Promise<Set<string>> {
  const known = sql`edit_requests.tries @> jsonb_build_array(noted.commit)`
  const rows = await sql<{ id: string }>`
    update edit_requests
    set tries = case when ${known} then edit_requests.tries else edit_requests.tries || jsonb_build_array(noted.commit) end
    from jsonb_to_recordset(${JSON.stringify(tries)}::jsonb) as noted(id text, commit text)
    where edit_requests.id = noted.id and edit_requests.state = 'open' and exists (
      select from gitops_settings where project_id = edit_requests.project_id and epoch = ${epoch})
    returning edit_requests.id`.execute(db)
  return new Set(rows.rows.map(({ id }) => id))
}

export async function endEdit(
  tx: Db,
  id: string,
  end: { state: 'merged' | 'superseded' | 'discarded'; commit: string | null; reason: string | null; now: Date }
): Promise<void> {
  const { now, ...columns } = end
  await tx
    .updateTable('editRequests')
    .set({ ...columns, endedAt: now })
    .where('id', '=', id)
    .where('state', 'in', ['open', 'conflict'])
    .execute()
}

export async function markConflict(tx: Db, id: string, reason: string): Promise<void> {
  await tx
    .updateTable('editRequests')
    .set({ state: 'conflict', reason })
    .where('id', '=', id)
    .where('state', 'in', ['open', 'conflict'])
    .execute()
}

/** The conflict is over without a word: git has again what the edit was made from. */
export async function reopenEdit(tx: Db, id: string): Promise<void> {
  await tx
    .updateTable('editRequests')
    .set({ state: 'open', reason: null })
    .where('id', '=', id)
    .where('state', '=', 'conflict')
    .execute()
}

/** Why the open requests of a project still wait, as people read it; those in `own` have a reason of their own. */
export async function noteReasons(
  db: Db,
  projectId: string,
  reasons: { all: string | null; own: ReadonlyMap<string, string> }
): Promise<void> {
  const note = (reason: string | null) =>
    db
      .updateTable('editRequests')
      .set({ reason })
      .where('projectId', '=', projectId)
      .where('state', '=', 'open')
      .where((eb) => eb('reason', 'is distinct from', reason))
  const others = note(reasons.all)
  await (reasons.own.size > 0 ? others.where('id', 'not in', [...reasons.own.keys()]) : others).execute()
  for (const [id, reason] of reasons.own) await note(reason).where('id', '=', id).execute()
}

export async function insertEdit(tx: Db, edit: Insertable<EditRequestTable>): Promise<void> {
  await tx.insertInto('editRequests').values(edit).execute()
}

/* withheld */

/**
 * One waiting row of each kind. Its id stands for what people were shown: where that is another by now, it is another
 * row, so that nobody approves what he has not seen. A tip that moved elsewhere is only brought up to date.
 */
export async function withhold(tx: Db, item: Omit<NewWithheld, 'detail'> & { detail: WithheldDetail }): Promise<void> {
  const row = { ...item, detail: toJson(item.detail) }
  const known = await tx
    .selectFrom('withheld')
    .select(['id', 'detail'])
    .where('projectId', '=', item.projectId)
    .where('kind', '=', item.kind)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  if (known !== undefined && isSameQuestion(item.kind, known.detail, item.detail)) {
    await tx.updateTable('withheld').set({ detail: row.detail }).where('id', '=', known.id).execute()
    return
  }
  if (known !== undefined) await endAs(tx, known.id, item.createdAt)
  await tx.insertInto('withheld').values(row).execute()
}

function isSameQuestion(kind: WithheldTable['kind'], a: WithheldDetail, b: WithheldDetail): boolean {
  const samePaths = a.paths.length === b.paths.length && a.paths.every((path, index) => path === b.paths[index])
  return samePaths && a.before === b.before && (kind !== 'rewrite' || a.tip === b.tip)
}

async function endAs(tx: Db, id: string, endedAt: NewWithheld['createdAt']): Promise<void> {
  await tx.updateTable('withheld').set({ state: 'gone', endedAt }).where('id', '=', id).execute()
}

export async function endWithheld(
  tx: Db,
  projectId: string,
  keep: readonly WithheldTable['kind'][],
  now: Date
): Promise<void> {
  let query = tx
    .updateTable('withheld')
    .set({ state: 'gone', endedAt: now })
    .where('projectId', '=', projectId)
    .where('state', '=', 'waiting')
  if (keep.length > 0) query = query.where('kind', 'not in', keep)
  await query.execute()
}

export async function acceptWithheld(
  db: Db,
  key: { projectId: string; id: string },
  by: { user: string; now: Date }
): Promise<boolean> {
  const result = await db
    .updateTable('withheld')
    .set({ state: 'accepted', acceptedBy: by.user, endedAt: by.now })
    .where('projectId', '=', key.projectId)
    .where('id', '=', key.id)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/* stream */

export async function announce(tx: Db, projectId: string, workflows: readonly string[]): Promise<void> {
  const told = [['gitops', null], ['workflows', null], ...workflows.slice(0, 50).map((name) => ['workflow', name])]
  const stream = told.map(([topic, id]) => JSON.stringify({ project: projectId, topic, id }))
  await notify(tx, 'stream', ...stream)
  if (workflows.length > 0) await notify(tx, 'definition', projectId)
}
