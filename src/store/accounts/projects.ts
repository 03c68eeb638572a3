import type { Insertable } from 'kysely'
import type { Db } from '../connect.ts'
import type { ProjectTable } from '../schema.ts'
import { transaction } from '../transaction.ts'

/** With its owner. False when the id is taken. */
export function insertProject(db: Db, project: Insertable<ProjectTable>, ownerId: string): Promise<boolean> {
  return transaction(db, async (tx) => {
    const inserted = await tx
      .insertInto('projects')
      .values(project)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (inserted === undefined) return false
    await tx.insertInto('members').values({ projectId: project.id, userId: ownerId, role: 'owner' }).execute()
    return true
  })
}
