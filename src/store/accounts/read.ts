import type { Kysely, Selectable } from 'kysely'
import type { AuditTable, Database, InfrastructureTable, ProjectTable, UserTable } from '../schema.ts'

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
      'allowCommands',
      'seenAt',
      'grant.isDefault'
    ])
    .where('grant.projectId', '=', projectId)
    .orderBy('name')
    .execute()
}

export type MemberRow = Pick<Selectable<UserTable>, 'login' | 'name'> & { role: Membership['role'] }
export type ListedUser = Pick<
  Selectable<UserTable>,
  'login' | 'name' | 'email' | 'isAdmin' | 'createdAt' | 'deactivatedAt'
>
export type AuditRow = Selectable<AuditTable>

/** By login. */
export async function membersOf(db: Kysely<Database>, projectId: string): Promise<MemberRow[]> {
  return db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.userId')
    .select(['users.login', 'users.name', 'members.role'])
    .where('members.projectId', '=', projectId)
    .orderBy('users.login')
    .execute()
}

/** By login. */
export async function listUsers(db: Kysely<Database>): Promise<ListedUser[]> {
  const shown = ['login', 'name', 'email', 'isAdmin', 'createdAt', 'deactivatedAt'] as const
  return db.selectFrom('users').select(shown).orderBy('login').execute()
}

/** Newest first; `before` is the id of the last one shown. */
export async function listAudit(
  db: Kysely<Database>,
  projectId: string,
  { limit, before }: { limit: number; before?: string }
): Promise<AuditRow[]> {
  let query = db.selectFrom('audit').selectAll().where('projectId', '=', projectId)
  if (before !== undefined) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}
