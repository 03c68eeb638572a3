import { newId } from '../platform/index.ts'
import type { Tx } from '../store/index.ts'
import { deletedPaths, insertDefinitions, insertRevisions } from '../store/sync/write.ts'
import type { ApplyContext } from './apply-context.ts'
import { revisionOf } from './definition.ts'
import type { PathPlan } from './plan.ts'
import type { GitFile, GoodFile } from './plan-input.ts'

type NewFile = PathPlan & { file: GitFile & { content: GoodFile & { text: string } } }

/**
 * Files that are new, with nothing said of their paths before: a first import may bring thousands, so they are written
 * together. Answers the others.
 */
export async function takeNew(tx: Tx, paths: readonly PathPlan[], context: ApplyContext): Promise<PathPlan[]> {
  const plain = paths.filter(isPlain)
  if (plain.length === 0) return [...paths]
  const known = await deletedPaths(
    tx,
    context.project,
    plain.map(({ path }) => path)
  )
  const fresh = plain.filter(({ path }) => !known.has(path))
  const rows = fresh.map((plan) => rowsOf(plan, context))
  await insertDefinitions(
    tx,
    rows.map(({ definition }) => definition)
  )
  await insertRevisions(
    tx,
    rows.map(({ revision }) => revision)
  )
  const taken = new Set<PathPlan>(fresh)
  return paths.filter((plan) => !taken.has(plan))
}

function isPlain(plan: PathPlan): plan is NewFile {
  const { change, file, queue } = plan
  const said = queue.ended.length > 0 || queue.conflict !== null || queue.ready !== null
  return change === 'create' && !said && file?.content.kind === 'definition' && file.content.text !== null
}

function rowsOf({ path, file }: NewFile, { project, now, authorOf }: ApplyContext) {
  const { of: kind, name, text } = file.content
  const [id, by, number] = [newId(now), authorOf(path), 1]
  const git = { gitBlob: file.blob, gitCommit: by.commit, conflict: null, suspended: null }
  const times = { createdAt: now, updatedAt: now, deletedAt: null }
  return {
    definition: { id, projectId: project, kind, path, name, revision: number, ...git, ...times },
    revision: revisionOf({ definitionId: id, number }, text, by)
  }
}
