import { type Selectable, sql } from 'kysely'
import { firstIdAt } from '../../platform/index.ts'
import type { Db } from '../connect.ts'
import type { AuditTable, Database, InfrastructureTable, ProjectTable, UserTable } from '../schema.ts'

export type Membership = Selectable<ProjectTable> & { role: Database['members']['role'] }
export type InfrastructureRow = Omit<Selectable<InfrastructureTable>, 'registrationHash' | 'removedAt'> & {
  isDefault: boolean
  /** the project asked about renames, removes and registers it */
  manages: boolean
  /** a registration token was made and not used yet */
  awaited: boolean
  /** that its agent watches */
  workloads: number
  /** that have not ended, of all projects */
  liveRuns: number
}

/** The projects that a user is a member of, by name. */
export async function projectsOf(db: Db, userId: string): Promise<Membership[]> {
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
export async function roleOf(db: Db, userId: string, projectId: string): Promise<Membership['role'] | undefined> {
  const row = await db
    .selectFrom('members')
    .select('role')
    .where('userId', '=', userId)
    .where('projectId', '=', projectId)
    .executeTakeFirst()
  return row?.role
}

/** The infrastructures in use that are granted to the project, by name. */
export async function infrastructuresOf(db: Db, projectId: string): Promise<InfrastructureRow[]> {
  const rows = await db
    .selectFrom('infrastructures')
    .innerJoin('infrastructureGrants as grant', 'grant.infrastructureId', 'infrastructures.id')
    .select([
      'infrastructures.id',
      'name',
      'aliases',
      'kind',
      'environment',
      'namespace',
      'engine',
      'createdAt',
      'agentVersion',
      'allowCommands',
      'nodeFaults',
      'watch',
      'seenAt',
      'grant.isDefault',
      'grant.manages',
      sql<boolean>`registration_hash is not null`.as('awaited'),
      sql<string>`(select count(distinct (body ->> 'kind', body ->> 'namespace', body ->> 'name'))
        from observations where infrastructure_id = infrastructures.id)`.as('workloads'),
      sql<string>`(select count(*) from runs where infrastructure_id = infrastructures.id and ended_at is null)`.as(
        'liveRuns'
      )
    ])
    .where('grant.projectId', '=', projectId)
    .where('removedAt', 'is', null)
    .orderBy('name')
    .execute()
  return rows.map((row) => ({ ...row, workloads: Number(row.workloads), liveRuns: Number(row.liveRuns) }))
}

export type ServerPlace = Pick<
  Selectable<InfrastructureTable>,
  'id' | 'name' | 'kind' | 'environment' | 'agentVersion' | 'seenAt'
> & { grants: { project: string; manages: boolean }[] }

/** All infrastructures in use on this server, by name; `after` is the last name shown. */
export async function listServerPlaces(
  db: Db,
  { limit, after, id }: { limit: number; after?: string | undefined; id?: string | undefined }
): Promise<ServerPlace[]> {
  const grants = sql<ServerPlace['grants']>`coalesce((select json_agg(json_build_object('project', project_id,
    'manages', manages) order by project_id) from infrastructure_grants where infrastructure_id = infrastructures.id), '[]')`
  return db
    .selectFrom('infrastructures')
    .select(['id', 'name', 'kind', 'environment', 'agentVersion', 'seenAt', grants.as('grants')])
    .where('removedAt', 'is', null)
    .$if(after !== undefined, (query) => query.where('name', '>', after ?? ''))
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
    .orderBy('name')
    .limit(limit)
    .execute()
}

export type MemberRow = Pick<Selectable<UserTable>, 'login' | 'name'> & { role: Membership['role'] }
export type ListedUser = Pick<
  Selectable<UserTable>,
  'login' | 'name' | 'email' | 'isAdmin' | 'createdAt' | 'deactivatedAt'
>
export type AuditRow = Selectable<AuditTable>

/** By login. */
export async function membersOf(db: Db, projectId: string): Promise<MemberRow[]> {
  return db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.userId')
    .select(['users.login', 'users.name', 'members.role'])
    .where('members.projectId', '=', projectId)
    .orderBy('users.login')
    .execute()
}

/** By login. */
export async function listUsers(db: Db): Promise<ListedUser[]> {
  const shown = ['login', 'name', 'email', 'isAdmin', 'createdAt', 'deactivatedAt'] as const
  return db.selectFrom('users').select(shown).orderBy('login').execute()
}

export interface AuditFilter {
  /** only of this project; absent: of all, and of none */
  project?: string | undefined
  actor?: string | undefined
  /** whole, or its first word */
  action?: string | undefined
  /** part of any text of a line, in any case */
  q?: string | undefined
  /** at or after */
  from?: Date | undefined
  /** before */
  to?: Date | undefined
  /** lines before this id */
  before?: string | undefined
  limit: number
}

/** Newest first. What is not narrowed by project or time reads as far back as is kept. */
export async function listAudit(db: Db, filter: AuditFilter): Promise<AuditRow[]> {
  const { project, actor, action, q, from, to, before, limit } = filter
  return db
    .selectFrom('audit')
    .selectAll()
    .$if(project !== undefined, (query) => query.where('projectId', '=', project ?? ''))
    .$if(actor !== undefined, (query) => query.where('actor', '=', actor ?? ''))
    .$if(action !== undefined, (query) =>
      query.where((eb) =>
        eb.or([eb('action', '=', action ?? ''), sql<boolean>`split_part(action, '.', 1) = ${action}`])
      )
    )
    .$if(q !== undefined, (query) =>
      query.where(sql<boolean>`strpos(lower(concat_ws(' ', actor, address, action, target, project_id, before::text,
        after::text)), lower(${q})) > 0`)
    )
    .$if(from !== undefined, (query) => query.where('id', '>=', firstIdAt(from ?? new Date(0))))
    .$if(to !== undefined, (query) => query.where('id', '<', firstIdAt(to ?? new Date(0))))
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
