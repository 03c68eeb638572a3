import type { Workflow } from '../contract/index.ts'
import {
  type DefinitionRow,
  type EditRow,
  editsOfPath,
  findDefinition,
  findEdit,
  findRenamed,
  listRevisions,
  openEdits,
  pauseReason,
  revisionText,
  snapshot,
  type Tx,
  textOfBlob
} from '../store/index.ts'
import type { Answer, ApiOptions, Call, Handlers } from './context.ts'
import { discardEdit, resolveEdit, submitDelete, submitSave } from './edit.ts'
import { numberCursor, pageOf, pageRequest, textsCursor } from './page.ts'
import { submitRename } from './rename.ts'
import { project, unknown } from './run-routes.ts'
import { editView, etagOf, headOf } from './view-edit.ts'
import { overwritingsOf, overwrittenView, revisionView } from './view-revision.ts'
import { iso } from './view-run.ts'
import { summaries, summaryPage } from './workflow-list.ts'

/** name, path */
const workflowCursor = textsCursor(2)

export const workflowRoutes: Handlers<
  | 'listWorkflows'
  | 'createWorkflow'
  | 'workflow'
  | 'manifest'
  | 'saveWorkflow'
  | 'renameWorkflow'
  | 'deleteWorkflow'
  | 'resolveConflict'
  | 'listRevisions'
  | 'revisionManifest'
  | 'listEdits'
  | 'editRequest'
  | 'discardEdit'
> = {
  listWorkflows: async (call, api) => {
    const { limit, from } = pageRequest(call, workflowCursor)
    const query = {
      only: 'workflows' as const,
      limit: limit + 1,
      ...(typeof call.query.q === 'string' && { q: call.query.q }),
      ...(from !== undefined && { after: { name: from[0] ?? '', path: from[1] ?? '' } })
    }
    const rows = await snapshot(api.store.db, (tx) => summaryPage(tx, project(call), query))
    return {
      body: pageOf(rows, { limit, key: ({ name, path }) => workflowCursor.write([name, path]), view: (row) => row })
    }
  },

  createWorkflow: (call, api) => submitSave(call, api, null),
  saveWorkflow: (call, api) => submitSave(call, api, call.params.name ?? ''),
  renameWorkflow: (call, api) => submitRename(call, api, call.params.name ?? ''),
  deleteWorkflow: (call, api) => submitDelete(call, api, call.params.name ?? ''),
  resolveConflict: (call, api) => resolveEdit(call, api, call.params.name ?? ''),
  discardEdit: (call, api) => discardEdit(call, api),

  workflow: async (call, { store }) => ({ body: await snapshot(store.db, (tx) => wholeWorkflow(call, tx)) }),

  manifest: async (call, api) => {
    const definition = await definitionOf(call, api)
    return yaml((await revisionText(api.store.db, definition.id, definition.revision)) ?? '')
  },

  listRevisions: async (call, api) => {
    const definition = await definitionOf(call, api)
    const { limit, from = null } = pageRequest(call, numberCursor)
    const rows = await listRevisions(api.store.db, definition.id, {
      limit: limit + 1,
      before: from
    })
    const found = await overwritingsOf(api.store.db, definition.id, rows)
    return {
      body: pageOf(rows, {
        limit,
        key: (row) => numberCursor.write(row.number),
        view: (row) => revisionView(row, found)
      })
    }
  },

  revisionManifest: async (call, api) => {
    const definition = await definitionOf(call, api)
    const number = revisionNumber(call.params.number ?? '')
    const text = number === undefined ? undefined : await revisionText(api.store.db, definition.id, number)
    if (text === undefined) throw unknown('revision', call.params.number ?? '')
    return yaml(text)
  },

  listEdits: async (call, { store }) => {
    const edits = await openEdits(store.db, project(call))
    const paused = await pauseReason(store.db, project(call))
    return { body: { items: edits.map((edit) => editView(edit, paused)), next: null } }
  },

  editRequest: async (call, { store }) => {
    const edit = await findEdit(store.db, project(call), call.params.edit ?? '')
    if (edit === undefined) throw unknown('edit request', call.params.edit ?? '')
    return { body: editView(edit, await pauseReason(store.db, project(call))) }
  }
}

/** The definition with its text, the text to edit, and what is under way; a new one that is not in git yet has edits only. */
async function wholeWorkflow(call: Call, db: Tx): Promise<Workflow> {
  const asked = call.params.name ?? ''
  const { name, definition } = await byName(call, db, asked)
  const path = definition?.path ?? (await openEdits(db, project(call))).findLast((edit) => edit.name === name)?.path
  const at = path === undefined ? [] : await summaries(db, project(call), [path])
  const summary = at.find((row) => row.name === name && (row.definition !== null || row.sync !== 'invalid-in-git'))
  if (summary === undefined) throw unknown('workflow', name)
  const edits = await editsOfPath(db, project(call), summary.path)
  const text = definition === undefined ? '' : ((await revisionText(db, definition.id, definition.revision)) ?? '')
  const head = headOf(text, edits)
  const paused = await pauseReason(db, project(call))
  return {
    ...summary,
    text,
    head,
    etag: etagOf(head),
    edits: edits.map((edit) => editView(edit, paused)),
    conflict: await conflictView(db, definition, edits),
    overwritten: definition === undefined ? null : await overwrittenView(db, definition.id)
  }
}

/** Under its name, and under one that it had before, unless another has that by now. */
async function byName(
  call: Call,
  db: Tx,
  asked: string
): Promise<{ name: string; definition: DefinitionRow | undefined }> {
  const definition = await findDefinition(db, project(call), asked)
  if (definition !== undefined) return { name: asked, definition }
  const coming = (await openEdits(db, project(call))).some((edit) => edit.name === asked && edit.newPath === null)
  const renamed = coming ? undefined : await findRenamed(db, project(call), asked)
  return { name: renamed?.name ?? asked, definition: renamed }
}

async function conflictView(
  db: Tx,
  definition: DefinitionRow | undefined,
  edits: readonly EditRow[]
): Promise<Workflow['conflict']> {
  const conflict = definition?.conflict ?? null
  if (definition === undefined || conflict === null) return null
  const edit = edits.find((candidate) => candidate.id === conflict.editRequestId)
  const { gitText, gitAuthor, gitCommit, gitAt } = conflict
  return {
    gitText,
    gitAuthor,
    gitCommit,
    gitAt,
    portalText: edit?.text ?? null,
    portalAuthor: edit?.author ?? '',
    portalAt: iso(edit?.createdAt ?? null) ?? gitAt,
    baseText: edit?.baseBlob ? ((await textOfBlob(db, definition.id, edit.baseBlob)) ?? null) : null
  }
}

async function definitionOf(call: Call, api: ApiOptions): Promise<DefinitionRow> {
  const definition = await findDefinition(api.store.db, project(call), call.params.name ?? '')
  if (definition === undefined) throw unknown('workflow', call.params.name ?? '')
  return definition
}

/** as the database counts them */
export function revisionNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

export function yaml(text: string): Answer {
  return { body: text, headers: { 'content-type': 'application/yaml; charset=utf-8', etag: etagOf(text) } }
}
