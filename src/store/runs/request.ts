import type { Cause } from '../../domain/index.ts'
import { newId } from '../../platform/index.ts'
import type { Db } from '../connect.ts'
import { notify } from '../notify.ts'

export interface NewRunRequest {
  projectId: string
  definitionId: string
  parameters: Record<string, string>
  /** null = as the workflow's label, or the project's default, says */
  infrastructureId: string | null
  cause: Cause
  /** the same key asks for the same run: a repetition inserts nothing */
  dedupeKey: string
  /** nobody is waiting for it: it obeys suspensions */
  automatic: boolean
  now: Date
}

/** The durable wish for a run. May be part of the caller's transaction. Returns the id, also that of an earlier one of this key. */
export async function requestRun(db: Db, request: NewRunRequest): Promise<{ id: string; created: boolean }> {
  const { now, parameters, cause, ...columns } = request
  const inserted = await db
    .insertInto('runRequests')
    .values({
      ...columns,
      id: newId(now),
      revision: null,
      parameters: JSON.stringify(parameters),
      cause: JSON.stringify(cause),
      state: 'queued',
      reason: null,
      runId: null,
      createdAt: now,
      endedAt: null
    })
    .onConflict((conflict) => conflict.column('dedupeKey').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted !== undefined) {
    await notify(db, 'request', inserted.id)
    return { id: inserted.id, created: true }
  }
  const earlier = await db
    .selectFrom('runRequests')
    .select('id')
    .where('dedupeKey', '=', request.dedupeKey)
    .executeTakeFirstOrThrow()
  return { id: earlier.id, created: false }
}
