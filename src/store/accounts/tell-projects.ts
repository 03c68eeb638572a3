import type { Db } from '../connect.ts'
import { notify } from '../notify.ts'

/** Open pages of every project that it is granted to. */
export async function tellProjects(db: Db, infrastructureId: string): Promise<void> {
  const grants = await db
    .selectFrom('infrastructureGrants')
    .select('projectId')
    .where('infrastructureId', '=', infrastructureId)
    .execute()
  for (const { projectId } of grants) await tellProject(db, projectId)
}

export async function tellProject(db: Db, projectId: string): Promise<void> {
  await notify(db, 'stream', JSON.stringify({ project: projectId, topic: 'infrastructures', id: null }))
}
