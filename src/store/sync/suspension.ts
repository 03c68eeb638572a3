import { sql } from 'kysely'
import type { Db } from '../connect.ts'
import { pauseReason } from './read.ts'

/**
 * Why no automatic run of this definition may start now, one sentence for people; null = it may. It holds from the
 * moment a deletion is asked for or withheld, before anything was deleted, and while GitOps is paused.
 */
export async function suspensionOf(db: Db, definitionId: string): Promise<string | null> {
  const definition = await db
    .selectFrom('definitions')
    .select(['projectId', 'path', 'suspended', 'deletedAt'])
    .where('id', '=', definitionId)
    .executeTakeFirst()
  if (definition === undefined || definition.deletedAt !== null) return 'The workflow was deleted.'
  return (
    definition.suspended ??
    (await requestedDeletion(db, definition.projectId, definition.path)) ??
    (await withheldBy(db, definition.projectId, definition.path)) ??
    (await pauseReason(db, definition.projectId))
  )
}

async function requestedDeletion(db: Db, projectId: string, path: string): Promise<string | null> {
  const request = await db
    .selectFrom('editRequests')
    .select('author')
    .where('projectId', '=', projectId)
    .where('path', '=', path)
    .where('action', '=', 'delete')
    .where('state', 'in', ['open', 'conflict'])
    .limit(1)
    .executeTakeFirst()
  return request === undefined ? null : `Its deletion was requested by ${request.author}.`
}

async function withheldBy(db: Db, projectId: string, path: string): Promise<string | null> {
  const withheld = await db
    .selectFrom('withheld')
    .select('kind')
    .where('projectId', '=', projectId)
    .where('state', '=', 'waiting')
    .where((eb) => eb.or([eb('kind', '!=', 'deletions'), sql<boolean>`detail -> 'paths' ? ${path}`]))
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return withheld === undefined ? null : WITHHELD[withheld.kind]
}

const WITHHELD = {
  deletions: 'Its deletion in git waits for approval.',
  rewrite: 'The history of the branch was rewritten; the change waits for approval.',
  'missing-branch': 'The branch is missing in the repository.',
  'missing-path': 'The folder of the project is missing in the repository.'
} as const
