import { type DefinitionConflict, type Tx, toJson } from '../store/index.ts'
import {
  endEdit,
  markConflict,
  moveDefinition,
  moveEdits,
  parkName,
  reopenEdit,
  updateDefinition
} from '../store/sync/write.ts'
import type { ApplyContext } from './apply-context.ts'
import { type Authorship, fromPortal } from './authorship.ts'
import { addRevision, openDefinition } from './definition.ts'
import { noteWhatIsOverwritten } from './overwritten.ts'
import type { PathPlan, SyncPlan } from './plan.ts'
import type { KnownDefinition } from './plan-input.ts'
import type { Ending } from './plan-queue.ts'
import { takeNew } from './take-new.ts'

/** Writes what was planned, in the caller's transaction. Deletions first, so that their names are free. */
export async function applyPlan(
  tx: Tx,
  { paths, moves }: Pick<SyncPlan, 'paths' | 'moves'>,
  context: ApplyContext
): Promise<void> {
  for (const { definition, path, to } of moves)
    if (definition === null) await moveEdits(tx, context.project, { from: path, to })
    else await moveDefinition(tx, { id: definition.id, path }, { project: context.project, to })
  for (const plan of paths) if (plan.change === 'delete') await remove(tx, plan, context)
  for (const plan of paths) if (isRenamed(plan)) await parkName(tx, plan.definition.id)
  for (const plan of await takeNew(tx, paths, context))
    if (plan.change !== 'delete') await settlePath(tx, plan, context)
}

async function settlePath(tx: Tx, plan: PathPlan, context: ApplyContext): Promise<void> {
  const definition = plan.change === 'create' ? await create(tx, plan, context) : plan.definition
  if (definition !== null) await keepTexts(tx, definition, plan, context)
  if (plan.change === 'move' && definition !== null) {
    const gitCommit = context.authorOf(plan.path).commit
    await updateDefinition(tx, definition.id, { gitCommit, updatedAt: context.now })
  }
  if (definition !== null && (plan.change === 'create' || plan.change === 'update'))
    await showGit(tx, definition, plan, context)
  for (const ending of plan.queue.ended) await end(tx, ending, context)
  await settleConflict(tx, definition, plan, context)
}

async function create(tx: Tx, plan: PathPlan, { project, now }: ApplyContext): Promise<KnownDefinition> {
  const { path } = plan
  const name = nameOf(plan)
  const kind = plan.file?.content.kind === 'definition' ? plan.file.content.of : 'Workflow'
  const id = await openDefinition(tx, { project, path, name, kind, now })
  return { id, path, name, gitBlob: null, inConflict: false, deletedInGit: false }
}

/** Texts that were acknowledged and are not what git shows now stay in the history. */
async function keepTexts(tx: Tx, definition: KnownDefinition, plan: PathPlan, context: ApplyContext): Promise<void> {
  // a word about a conflict goes on with the text of the edit that it supersedes, or with another one
  const { ready, conflict } = plan.queue
  const goesOn = ready?.text ?? conflict?.edit.text
  for (const { edit, state, commit } of plan.queue.ended) {
    const overwritten = state === 'merged' && commit !== null && edit !== plan.writer
    const lost = state === 'discarded' || overwritten || (state === 'superseded' && edit.text !== goesOn)
    if (lost && edit.text !== null)
      await addRevision(tx, definition.id, edit.text, fromPortal(edit, commit, context.now))
  }
}

async function showGit(tx: Tx, definition: KnownDefinition, plan: PathPlan, context: ApplyContext): Promise<void> {
  const { file, writer } = plan
  if (file === null || file.content.kind !== 'definition' || file.content.text === null) return
  const git = context.authorOf(plan.path)
  const authorship = writer === null ? git : fromPortal(writer, writer.landed, context.now)
  const revision = await addRevision(tx, definition.id, file.content.text, authorship)
  // at a first look there is no edit that this repository had
  if (writer === null && definition.gitBlob !== null)
    await noteWhatIsOverwritten(tx, definition.id, { number: revision, text: file.content.text, author: git.author })
  await updateDefinition(tx, definition.id, {
    name: file.content.name,
    kind: file.content.of,
    revision,
    gitBlob: file.blob,
    gitCommit: authorship.commit,
    updatedAt: context.now
  })
}

async function remove(tx: Tx, plan: PathPlan, context: ApplyContext): Promise<void> {
  if (plan.definition === null) return
  await keepTexts(tx, plan.definition, plan, context)
  const gone = { gitBlob: null, gitCommit: null, conflict: null, suspended: null }
  await updateDefinition(tx, plan.definition.id, { ...gone, deletedAt: context.now, updatedAt: context.now })
  for (const ending of plan.queue.ended) await end(tx, ending, context)
}

async function settleConflict(
  tx: Tx,
  definition: KnownDefinition | null,
  { file, path, queue }: PathPlan,
  context: ApplyContext
): Promise<void> {
  const { conflict, ready } = queue
  if (ready?.state === 'conflict') await reopenEdit(tx, ready.id)
  if (conflict === null) {
    if (definition?.inConflict) await updateDefinition(tx, definition.id, { conflict: null })
    return
  }
  await markConflict(tx, conflict.edit.id, conflict.reason)
  if (definition === null) return
  const shown = context.conflicts.get(definition.id)
  const git = shown?.gitBlob === (file?.blob ?? null) ? shown : gitSide(file, context.authorOf(path))
  const side = { ...git, editRequestId: conflict.edit.id }
  const gone = file === null ? { gitBlob: null, gitCommit: null } : {}
  await updateDefinition(tx, definition.id, { conflict: toJson(side), ...gone })
}

/** Who changed it is known in the pass that sees the change; a later one keeps it. */
function gitSide(file: PathPlan['file'], by: Authorship): Omit<DefinitionConflict, 'editRequestId'> {
  return {
    gitText: file?.content.text ?? null,
    gitBlob: file?.blob ?? null,
    gitCommit: by.commit ?? '',
    gitAuthor: by.author,
    gitAt: by.at.toISOString()
  }
}

async function end(tx: Tx, { edit, state, commit, reason }: Ending, { now }: ApplyContext): Promise<void> {
  await endEdit(tx, edit.id, { state, commit, reason, now })
}

function isRenamed(plan: PathPlan): plan is PathPlan & { definition: KnownDefinition } {
  return plan.change === 'update' && plan.definition !== null && plan.definition.name !== nameOf(plan)
}

function nameOf({ file }: PathPlan): string {
  return file?.content.kind === 'definition' ? file.content.name : ''
}
