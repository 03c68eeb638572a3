import type { Kysely, Selectable } from 'kysely'
import type { Database, InfrastructureTable, ProjectTable } from '../schema.ts'

export type Membership = Selectable<ProjectTable> & { role: Database['members']['role'] }
export type InfrastructureRow = Omit<Selectable<InfrastructureTable>, 'registrationHash'> & { isDefault: boolean }

/** The projects that a user is a member of, by name. */
export async function projectsOf(db: Kysely<Database>, userId: string): Promise<Membership[]> {
  return db
    .selectFrom('members')
    .innerJoin('projects', 'projects.id', 'members.projectId')
    .selectAll('projects')
    .select('members.role')
    .where('members.userId', '=', userId)
    .orderBy('projects.name')
    .orderBy('projects.id')
    .execute()
}

/** The user's role in the project, or undefined: no member, or no such project. */
export async function roleOf(
  db: Kysely<Database>,
  userId: string,
  projectId: string
): Promise<Membership['role'] | undefined> {
  const row = await db
    .selectFrom('members')
    .select('role')
    .where('userId', '=', userId)
    .where('projectId', '=', projectId)
    .executeTakeFirst()
  return row?.role
}

/** The infrastructures that are granted to the project, by name. */
export async function infrastructuresOf(db: Kysely<Database>, projectId: string): Promise<InfrastructureRow[]> {
  return db
    .selectFrom('infrastructures')
    .innerJoin('infrastructureGrants as grant', 'grant.infrastructureId', 'infrastructures.id')
    .select([
      'infrastructures.id',
      'name',
      'kind',
      'environment',
      'createdAt',
      'agentVersion',
      'seenAt',
      'grant.isDefault'
    ])
    .where('grant.projectId', '=', projectId)
    .orderBy('name')
    .execute()
}
