import type { EditRequest, ResolveBody } from '../contract/index.ts'
import { fileStem, isDnsLabel, projectFolder, workflowPath } from '../domain/index.ts'
import { parseDefinition } from '../manifest/index.ts'
import { AppError } from '../platform/index.ts'
import { type EditInserted, insertEditRequest } from '../store/api/insert.ts'
import {
  type DefinitionRow,
  editsOfPath,
  findDefinition,
  findEdit,
  openEdits,
  pauseReason,
  revisionText,
  snapshot,
  type Tx
} from '../store/index.ts'
import { type Answer, type ApiOptions, authorOf, type Call } from './context.ts'
import { project, unknown } from './run-routes.ts'
import { editView, etagOf, headOf, nameOf } from './view-edit.ts'

/** How long `Prefer: wait` waits for the edit to reach git, in ms. */
const WAIT_MS = 15_000

/** Save or create: `name` null means a new workflow, named by its manifest. */
export async function submitSave(call: Call, api: ApiOptions, name: string | null): Promise<Answer> {
  const text = String(call.body ?? '')
  const known = name === null ? null : await knownWorkflow(call, api, name)
  const newName = parsedName(api, { text, ...(known && { path: known.path, names: [known.nextName] }) })
  if (known !== null) requireMatch(call, known.head)
  const folder = (await api.sync.settings(project(call))).path || projectFolder(project(call))
  return submit(call, api, {
    path: known?.path ?? workflowPath(folder, newName),
    name: newName,
    action: 'save',
    head: known?.head ?? null,
    text,
    message: messageOf(call, known === null ? `Add ${newName}` : `Change ${newName}`)
  })
}

export async function submitDelete(call: Call, api: ApiOptions, name: string): Promise<Answer> {
  const known = await knownWorkflow(call, api, name)
  requireMatch(call, known.head)
  return submit(call, api, {
    path: known.path,
    name,
    action: 'delete',
    head: known.head,
    text: null,
    message: messageOf(call, `Delete ${name}`)
  })
}

export async function resolveEdit(call: Call, api: ApiOptions, name: string): Promise<Answer> {
  const { keep, text, seen } = call.body as ResolveBody
  if ((keep === undefined) === (text === undefined)) throw oneOfBoth()
  const known = await knownWorkflow(call, api, name)
  const edits = await editsOfPath(api.store.db, project(call), known.path)
  const stuck = edits.find((edit) => edit.state === 'conflict')
  if (stuck === undefined)
    throw new AppError({
      code: 'api/no-conflict',
      kind: 'clash',
      message: `${name} is not in conflict any more; read it again.`
    })
  // a rename in conflict stays one, as long as the text has the new name
  const newPathOf = (name: string) => (name === stuck.name ? stuck.newPath : null)
  const word = { path: known.path, head: null, ...(seen !== undefined && { seen }) }
  if (text !== undefined) {
    const written = parsedName(api, { text, path: known.path, names: [known.name, stuck.name] })
    const message = messageOf(call, `Resolve the conflict of ${name}`)
    return submit(call, api, { ...word, newPath: newPathOf(written), name: written, action: 'resolve', text, message })
  }
  return submit(call, api, {
    ...word,
    // git may have renamed it meanwhile; the text that is kept has its own name
    name: stuck.name,
    newPath: keep === 'git' ? null : stuck.newPath,
    action: keep === 'git' ? 'keep-git' : 'keep-portal',
    text: keep === 'git' ? null : stuck.text,
    message: messageOf(call, keep === 'git' ? `Keep git's ${name}` : `Keep the portal's ${name}`)
  })
}

export async function discardEdit(call: Call, api: ApiOptions): Promise<Answer> {
  const id = call.params.edit ?? ''
  const before = await findEdit(api.store.db, project(call), id)
  if (before === undefined) throw unknown('edit request', id)
  await api.sync.discard(project(call), id, call.user.login)
  await api.accounts.audit({
    actor: call.user.login,
    address: call.address,
    action: 'workflow.discard',
    project: project(call),
    target: before.path,
    before: null,
    after: { edit: id }
  })
  const after = await findEdit(api.store.db, project(call), id)
  return { body: editView(after ?? before, await pauseReason(api.store.db, project(call))) }
}

interface NamedText {
  text: string
  path?: string
  /** that it may have; absent: any */
  names?: readonly string[]
}

/** The name of a manifest that is valid, and named as it may be. */
export function parsedName(api: ApiOptions, { text, path, names }: NamedText): string {
  const parsed = parseDefinition(text, { catalogue: api.catalogue, ...(path !== undefined && { path }) })
  if (!parsed.ok) throw invalidManifest(parsed.problems)
  const { name } = parsed.manifest
  if (names !== undefined && !names.includes(name)) throw renamed(names[0] ?? '', name)
  return name
}

export interface Edit {
  path: string
  /** where the file goes; absent or null: it stays */
  newPath?: string | null
  name: string
  action: EditRequest['action']
  /** the text that was edited; null = a new workflow */
  head: string | null
  text: string | null
  /** git's side of the conflict as it was shown */
  seen?: string
  message: string
  /** of a rename: the name before, for the audit log */
  oldName?: string
}

/** Durable before it is acknowledged: 202, or with `Prefer: wait` 200 once it is in git. */
export async function submit(call: Call, api: ApiOptions, { oldName, ...edit }: Edit): Promise<Answer> {
  const { user } = call
  const author = authorOf(call, api)
  const inserted = await insertEditRequest(api.store.db, {
    projectId: project(call),
    ...edit,
    author: author.name,
    authorEmail: author.email,
    now: api.clock.now()
  })
  if (inserted.kind === 'occupied') throw occupied(inserted.path, edit.newPath ?? edit.path)
  if (inserted.kind !== 'accepted') throw refused(inserted.kind, edit)
  await api.accounts.audit({
    actor: user.login,
    address: call.address,
    action: `workflow.${edit.action}`,
    project: project(call),
    target: edit.path,
    before: oldName === undefined ? null : { name: oldName, path: edit.path },
    after: {
      edit: inserted.id,
      ...(oldName !== undefined && { name: edit.name, path: edit.newPath ?? edit.path })
    }
  })
  const wait = String(call.headers.prefer ?? '').includes('wait')
  if (wait) await api.sync.waitForEdit(project(call), inserted.id, WAIT_MS)
  const stored = await findEdit(api.store.db, project(call), inserted.id)
  if (stored === undefined) throw unknown('edit request', inserted.id)
  const paused = await pauseReason(api.store.db, project(call))
  return { status: stored.state === 'open' ? 202 : 200, body: editView(stored, paused) }
}

export interface KnownWorkflow {
  name: string
  /** that the text to edit has: another one while a rename is on its way */
  nextName: string
  path: string
  head: string
  definition: DefinitionRow | undefined
}

/** By its definition, or, while it is not in git yet, by its open edit. */
export async function knownWorkflow(call: Call, api: ApiOptions, name: string): Promise<KnownWorkflow> {
  if (!isDnsLabel(name)) throw unknown('workflow', name.slice(0, 100))
  return snapshot(api.store.db, (tx) => lookUp(tx, project(call), name))
}

async function lookUp(db: Tx, projectId: string, name: string): Promise<KnownWorkflow> {
  const definition = await findDefinition(db, projectId, name)
  if (definition !== undefined) {
    const text = (await revisionText(db, definition.id, definition.revision)) ?? ''
    const edits = await editsOfPath(db, projectId, definition.path)
    const nextName = nameOf(definition.name, edits)
    return { name: definition.name, nextName, path: definition.path, head: headOf(text, edits), definition }
  }
  const edits = (await openEdits(db, projectId)).filter((edit) => edit.name === name)
  const [first] = edits
  if (first === undefined) throw unknown('workflow', name)
  return { name, nextName: name, path: first.path, head: headOf('', edits), definition: undefined }
}

export function requireMatch(call: Call, head: string): void {
  const match = call.headers['if-match']
  if (match === undefined) {
    const message = 'Say which text you edited: send its ETag as If-Match.'
    throw new AppError({ code: 'api/precondition-required', kind: 'clash', message })
  }
  if (match !== '*' && match !== etagOf(head)) {
    const message =
      'Somebody has changed this workflow since you opened it. Your text is not lost: compare it with the newer one, then save again.'
    throw new AppError({ code: 'api/stale', kind: 'clash', message, details: { etag: etagOf(head) } })
  }
}

function occupied(path: string, wanted: string): AppError {
  const twin = path === wanted ? '' : `, which differs from ${wanted} only by case`
  const message = `There is a file ${path} already${twin}. Choose another name, or move that file first.`
  return new AppError({ code: 'api/path-taken', kind: 'clash', message })
}

function refused(kind: Exclude<EditInserted['kind'], 'accepted' | 'occupied'>, edit: Edit): AppError {
  if (kind === 'exists') {
    const message = `There is a workflow ${edit.name} already; choose another name, or edit that one.`
    return new AppError({ code: 'api/name-taken', kind: 'clash', message })
  }
  if (kind === 'bad-file') {
    const message = `Git has a file ${edit.path} that is no valid workflow. Mend or remove it there, or choose another name.`
    return new AppError({ code: 'api/name-taken', kind: 'clash', message })
  }
  if (kind === 'moved') {
    const message = `Git has changed ${edit.name} again since you looked at the conflict. Look at its text now, then decide.`
    return new AppError({ code: 'api/moved', kind: 'clash', message })
  }
  if (kind === 'missing') return unknown('workflow', edit.name)
  return new AppError({
    code: 'api/stale',
    kind: 'clash',
    message: `${fileStem(edit.path)} has changed since you opened it; read it again.`
  })
}

function renamed(from: string, to: string): AppError {
  const message = `The manifest is named ${to}, this workflow is ${from}. To rename it, use Rename (POST …/rename): the file moves along, and history and runs stay.`
  return new AppError({ code: 'api/renamed', kind: 'invalid', message })
}

function oneOfBoth(): AppError {
  const message = 'Say either which side to keep, or give the text of both.'
  return new AppError({ code: 'api/bad-request', kind: 'invalid', message })
}

function invalidManifest(problems: readonly unknown[]): AppError {
  return new AppError({
    code: 'manifest/invalid',
    kind: 'invalid',
    message: 'The manifest is not valid; nothing was saved.',
    details: { problems }
  })
}

export function messageOf(call: Call, otherwise: string): string {
  const { message } = call.query
  return typeof message === 'string' && message.trim() !== '' ? message.trim() : otherwise
}
