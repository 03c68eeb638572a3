import type { Db } from '../connect.ts'

/** Of an edit that git had, by which later revision it was rewritten. */
export async function noteOverwritten(
  tx: Db,
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
