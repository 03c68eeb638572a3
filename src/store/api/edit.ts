import { type Selectable, sql } from 'kysely'
import { newId } from '../../platform/index.ts'
import { blobId } from '../blob-id.ts'
import type { Db, Tx } from '../connect.ts'
import { notify } from '../notify.ts'
import type { DefinitionTable, EditRequestTable } from '../schema.ts'
import { lockFor, transaction } from '../transaction.ts'

export interface NewEditRequest {
  projectId: string
  path: string
  /** where the file goes; absent or null: it stays */
  newPath?: string | null
  name: string
  action: EditRequestTable['action']
  /** the text that the editor saw (the last open save, else the definition's); null = a new workflow. Not for a word about a conflict */
  head: string | null
  text: string | null
  /** of a word about a conflict: the commit of git's side that was seen; absent = not said */
  seen?: string
  message: string
  author: string
  authorEmail: string
  now: Date
}

/**
 * - `stale`: the text to edit is another by now, or there is no conflict to resolve any more
 * - `exists`: a new one's path or name is taken; `bad-file`: by a file in git that is no valid workflow
 * - `moved`: git's side of the conflict is not the one that was seen
 * - `occupied`: the new path, or one that differs only by case, is taken by this file or by one on its way
 * - `missing`: there is no such workflow any more, or its deletion is on the way
 */
export type EditInserted =
  | { kind: 'accepted'; id: string }
  | { kind: 'stale' }
  | { kind: 'exists' }
  | { kind: 'bad-file' }
  | { kind: 'moved' }
  | { kind: 'occupied'; path: string }
  | { kind: 'missing' }

type Request = Selectable<EditRequestTable>
type Definition = Pick<Selectable<DefinitionTable>, 'id' | 'name' | 'revision' | 'gitBlob' | 'conflict'>
type Refusal = Exclude<EditInserted['kind'], 'accepted' | 'occupied'>

interface Place {
  definition: Definition | undefined
  /** requests of the path that have not ended, in their order */
  queue: readonly Request[]
}

/**
 * Durable when it resolves as `accepted`. Two editors of one text: the first is accepted, the second is `stale`.
 * The last request in the queue, when it is of the same author and not yet being pushed, is superseded.
 */
export function insertEditRequest(db: Db, edit: NewEditRequest): Promise<EditInserted> {
  return transaction(db, async (tx) => {
    await lockFor(tx, 'edit', edit.projectId)
    const place = await look(tx, edit)
    const refusal = await refusalOf(tx, edit, place)
    if (refusal !== null) return { kind: refusal }
    const occupant = await occupantOf(tx, edit)
    if (occupant !== undefined) return { kind: 'occupied', path: occupant }
    const superseded = await supersedeLast(tx, edit, place)
    const id = await insert(tx, edit, await baseOf(tx, edit, { place, superseded }))
    await notify(tx, 'edit', edit.projectId)
    for (const [topic, about] of [
      ['workflows', null],
      ['workflow', edit.name]
    ]) {
      await notify(tx, 'stream', JSON.stringify({ project: edit.projectId, topic, id: about }))
    }
    return { kind: 'accepted', id }
  })
}

/** Holds the definition still: a sync pass that changes it waits for us, or we for it. */
async function look(tx: Tx, edit: NewEditRequest): Promise<Place> {
  const definition = await tx
    .selectFrom('definitions')
    .select(['id', 'name', 'revision', 'gitBlob', 'conflict'])
    .where('projectId', '=', edit.projectId)
    .where('path', '=', edit.path)
    .where('deletedAt', 'is', null)
    .forShare()
    .executeTakeFirst()
  const queue = await tx
    .selectFrom('editRequests')
    .selectAll()
    .where('projectId', '=', edit.projectId)
    .where('path', '=', edit.path)
    .where('state', 'in', ['open', 'conflict'])
    .orderBy('number')
    .execute()
  return { definition, queue }
}

async function refusalOf(tx: Tx, edit: NewEditRequest, place: Place): Promise<Refusal | null> {
  if (isResolution(edit.action)) return resolutionRefusal(edit, place)
  if (edit.head === null) return occupancy(tx, edit, place)
  if (place.definition === undefined && place.queue.length === 0) return 'missing'
  const last = place.queue.at(-1)
  if (last?.action === 'delete' && !isSuperseded(last, edit)) return 'missing'
  if ((await headText(tx, place)) !== edit.head) return 'stale'
  return edit.action === 'rename' && (await isNameTaken(tx, edit)) ? 'exists' : null
}

function resolutionRefusal(edit: NewEditRequest, { definition, queue }: Place): Refusal | null {
  const inConflict = queue.some((request) => request.state === 'conflict')
  const resolvedByOther = queue.some((request) => isResolution(request.action) && !isSuperseded(request, edit))
  if (!inConflict || resolvedByOther) return 'stale'
  return edit.seen === undefined || edit.seen === definition?.conflict?.gitCommit ? null : 'moved'
}

async function occupancy(tx: Tx, edit: NewEditRequest, place: Place): Promise<Refusal | null> {
  if (await isTaken(tx, edit, place)) return 'exists'
  return (await fileBlob(tx, edit)) === null ? null : 'bad-file'
}

async function isTaken(tx: Tx, edit: NewEditRequest, { definition, queue }: Place): Promise<boolean> {
  return definition !== undefined || queue.length > 0 || (await isNameTaken(tx, edit)) || (await isTargeted(tx, edit))
}

/** By another workflow, or by an edit on its way to become one. */
async function isNameTaken(tx: Tx, edit: NewEditRequest): Promise<boolean> {
  const sameName = await tx
    .selectFrom('definitions')
    .select('id')
    .where('projectId', '=', edit.projectId)
    .where('name', '=', edit.name)
    .where('path', '!=', edit.path)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (sameName !== undefined) return true
  const requested = await tx
    .selectFrom('editRequests')
    .select('id')
    .where('projectId', '=', edit.projectId)
    .where('name', '=', edit.name)
    .where('path', '!=', edit.path)
    .where('state', 'in', ['open', 'conflict'])
    .where('action', '!=', 'delete')
    .executeTakeFirst()
  return requested !== undefined
}

/** A file is on its way to this path. */
async function isTargeted(tx: Tx, edit: NewEditRequest): Promise<boolean> {
  const coming = await tx
    .selectFrom('editRequests')
    .select('id')
    .where('projectId', '=', edit.projectId)
    .where('newPath', '=', edit.path)
    .where('state', 'in', ['open', 'conflict'])
    .executeTakeFirst()
  return coming !== undefined
}

/** Many a checkout cannot hold two paths that differ only by case. */
async function occupantOf(tx: Tx, edit: NewEditRequest): Promise<string | undefined> {
  if (edit.newPath === undefined || edit.newPath === null) return undefined
  const of = sql`project_id = ${edit.projectId} and path <> ${edit.path}`
  const { rows } = await sql<{ path: string }>`
    select path from (
      select path from files where ${of}
      union select path from definitions where ${of} and deleted_at is null
      union select path from edit_requests where ${of} and state in ('open', 'conflict')
      union select new_path from edit_requests where ${of} and state in ('open', 'conflict')
    ) taken where lower(path) = lower(${edit.newPath}) limit 1`.execute(tx)
  return rows[0]?.path
}

/** The base of a new edit is the text of the last queued one. */
async function headText(tx: Tx, { definition, queue }: Place): Promise<string> {
  const queued = queuedText(queue)
  if (queued !== undefined) return queued
  if (definition === undefined) return ''
  const revision = await tx
    .selectFrom('revisions')
    .select('text')
    .where('definitionId', '=', definition.id)
    .where('number', '=', definition.revision)
    .executeTakeFirst()
  return revision?.text ?? ''
}

function queuedText(queue: readonly Request[]): string | undefined {
  return queue.findLast((request) => request.state === 'open' && request.text !== null)?.text ?? undefined
}

/**
 * What the edit was made from, as git names it: how a pass finds out whether git has changed it meanwhile. That is the
 * text that was shown, git's last good one, and not what git may have by now; a word about a conflict is about that.
 */
async function baseOf(
  tx: Tx,
  edit: NewEditRequest,
  { place, superseded }: { place: Place; superseded: Request | undefined }
): Promise<string | null> {
  if (!isResolution(edit.action)) {
    if (superseded !== undefined) return superseded.baseBlob
    const queued = queuedText(place.queue)
    if (queued !== undefined) return blobId(queued)
    return place.definition?.gitBlob ?? null
  }
  return fileBlob(tx, edit)
}

/** What the last pass saw in git at this path. */
async function fileBlob(tx: Tx, edit: NewEditRequest): Promise<string | null> {
  const file = await tx
    .selectFrom('files')
    .select('blob')
    .where('projectId', '=', edit.projectId)
    .where('path', '=', edit.path)
    .executeTakeFirst()
  return file?.blob ?? null
}

/** Only the last of the queue: an earlier one is what somebody else's edit builds on. */
async function supersedeLast(tx: Tx, edit: NewEditRequest, { queue }: Place): Promise<Request | undefined> {
  const last = queue.at(-1)
  if (last === undefined || !isSuperseded(last, edit)) return undefined
  const result = await tx
    .updateTable('editRequests')
    .set({ state: 'superseded', reason: null, endedAt: edit.now })
    .where('id', '=', last.id)
    .where('state', '=', 'open')
    .where(sql<boolean>`tries = '[]'::jsonb`)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n ? last : undefined
}

function isSuperseded(last: Request, edit: NewEditRequest): boolean {
  return (
    last.state === 'open' &&
    last.tries.length === 0 &&
    last.authorEmail === edit.authorEmail &&
    // what comes after a rename is about the file at its new place
    (last.newPath === null || edit.action === 'rename' || edit.action === 'delete') &&
    isResolution(last.action) === isResolution(edit.action)
  )
}

function isResolution(action: EditRequestTable['action']): boolean {
  return action === 'keep-git' || action === 'keep-portal' || action === 'resolve'
}

async function insert(tx: Tx, edit: NewEditRequest, baseBlob: string | null): Promise<string> {
  const { head: _head, seen: _seen, now, ...columns } = edit
  const id = newId(now)
  await tx
    .insertInto('editRequests')
    .values({
      ...columns,
      id,
      baseBlob,
      state: 'open',
      tries: '[]',
      reason: null,
      commit: null,
      createdAt: now,
      endedAt: null
    })
    .execute()
  return id
}
