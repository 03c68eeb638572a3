import { sql } from 'kysely'
import { firstIdAt } from '../../platform/index.ts'
import type { Db } from '../connect.ts'
import { findRun, type WholeRun } from './read.ts'

/**
 * The newest run of a workflow since then, or `queued` where one was asked for and has not become a run. A revision is
 * that of the hook's event, of the commit, or the run's parameter of this name.
 */
export async function newestRunSince(
  db: Db,
  projectId: string,
  { definitionId, since, revision }: { definitionId: string; since: Date; revision: string | undefined }
): Promise<WholeRun | 'queued' | undefined> {
  let query = db
    .selectFrom('runRequests')
    .select(['runId', 'state'])
    .where('definitionId', '=', definitionId)
    .where('id', '>=', firstIdAt(since))
    .where('state', 'in', ['queued', 'admitted'])
    .orderBy('id', 'desc')
    .limit(1)
  if (revision !== undefined)
    query = query.where(
      sql<boolean>`${revision} in (cause ->> 'revision', cause ->> 'commit', parameters ->> 'revision')`
    )
  const row = await query.executeTakeFirst()
  if (row === undefined) return undefined
  return row.runId === null ? 'queued' : findRun(db, projectId, row.runId)
}
