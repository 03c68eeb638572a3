import type { Tx } from '../connect.ts'

/** A run that has not ended, as far as somebody is told of it who may not see its project. */
export interface LiveRun {
  id: string
  projectId: string
  workflow: string
}

/** Runs on the infrastructure, or only those of one project, oldest first. */
export async function liveRunsOn(tx: Tx, infrastructureId: string, projectId?: string): Promise<LiveRun[]> {
  return tx
    .selectFrom('runs')
    .select(['id', 'projectId', 'workflow'])
    .where('infrastructureId', '=', infrastructureId)
    .where('endedAt', 'is', null)
    .$if(projectId !== undefined, (query) => query.where('projectId', '=', projectId ?? ''))
    .orderBy('id')
    .limit(100)
    .execute()
}
