import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'

/** Of an edit that git had, by which later revision it was rewritten. */
export async function noteOverwritten(
  tx: Kysely<Database>,
  { definitionId, number }: { definitionId: string; number: number },
  by: number
): Promise<void> {
  await tx
    .updateTable('revisions')
    .set({ overwrittenBy: by })
    .where('definitionId', '=', definitionId)
    .where('number', '=', number)
    .execute()
}
