import { type Selectable, sql } from 'kysely'
import { DEFAULT_GUARDRAILS, type EngineSetting, type Fact, type Guardrails } from '../../domain/index.ts'
import { firstIdAt } from '../../platform/index.ts'
import type { Db } from '../connect.ts'
import type { ApprovalTable, KillSwitchTable, RunRequestTable, RunTable, StepTable, StopTable } from '../schema.ts'

export type RunRow = Selectable<RunTable>
export type StepRow = Selectable<StepTable>
export type StopRow = Selectable<StopTable>
export type RunRequestRow = Selectable<RunRequestTable> & { workflow: string }
/** A run without its plan, which a list has no use for. */
export type ListedRun = Pick<RunRow, (typeof LISTED)[number]> & { infrastructureName: string }
export type WholeRun = RunRow & { infrastructureName: string }

const LISTED = [
  'id',
  'projectId',
  'definitionId',
  'workflow',
  'revision',
  'commit',
  'infrastructureId',
  'cause',
  'phase',
  'verdict',
  'recovery',
  'score',
  'reason',
  'createdAt',
  'startedAt',
  'endedAt'
] as const satisfies readonly (keyof RunRow)[]

export interface RunFilter {
  /** a name; the runs of a workflow that has it now are also those from before it had it */
  workflow?: string | undefined
  definitionId?: string | undefined
  cause?: string | undefined
  phase?: RunRow['phase'] | undefined
  verdict?: RunRow['verdict'] | undefined
  infrastructureId?: string | undefined
  /** created at or after */
  from?: Date | undefined
  /** created before */
  to?: Date | undefined
  /** runs before this id */
  before?: string | undefined
  limit: number
}

/** Newest first. Each filter has an index that ends in the id: a page reads little more than its own rows. */
export async function listRuns(db: Db, projectId: string, filter: RunFilter): Promise<ListedRun[]> {
  const renamed = filter.workflow === undefined ? undefined : await renamedDefinition(db, projectId, filter.workflow)
  const asked = renamed === undefined ? filter : { ...filter, workflow: undefined, definitionId: renamed }
  return pageOfRuns(db, projectId, asked).execute()
}

async function renamedDefinition(db: Db, projectId: string, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('definitions')
    .select('id')
    .where('projectId', '=', projectId)
    .where('name', '=', name)
    .where('deletedAt', 'is', null)
    .where(sql<boolean>`aliases <> '[]'::jsonb`)
    .executeTakeFirst()
  return row?.id
}

export function pageOfRuns(db: Db, projectId: string, filter: RunFilter) {
  const { workflow, definitionId, phase, verdict, cause, infrastructureId, from, to, before } = filter
  return listedRuns(db)
    .where('runs.projectId', '=', projectId)
    .$if(workflow !== undefined, (query) => query.where('runs.workflow', '=', workflow ?? ''))
    .$if(definitionId !== undefined, (query) => query.where('runs.definitionId', '=', definitionId ?? ''))
    .$if(phase !== undefined, (query) => query.where('runs.phase', '=', phase ?? 'queued'))
    .$if(verdict !== undefined, (query) => query.where('runs.verdict', '=', verdict ?? 'awaited'))
    .$if(cause !== undefined, (query) => query.where(sql<boolean>`runs.cause ->> 'kind' = ${cause}`))
    .$if(infrastructureId !== undefined, (query) => query.where('runs.infrastructureId', '=', infrastructureId ?? ''))
    .$if(from !== undefined, (query) => query.where('runs.id', '>=', firstIdAt(from ?? new Date(0))))
    .$if(to !== undefined, (query) => query.where('runs.id', '<', firstIdAt(to ?? new Date(0))))
    .$if(before !== undefined, (query) => query.where('runs.id', '<', before ?? ''))
    .orderBy('runs.id', 'desc')
    .limit(filter.limit)
}

/** Runs that have not ended, newest first. */
export async function activeRuns(db: Db, projectId: string): Promise<ListedRun[]> {
  return listedRuns(db)
    .where('runs.projectId', '=', projectId)
    .where('runs.endedAt', 'is', null)
    .orderBy('runs.id', 'desc')
    .limit(50)
    .execute()
}

export async function findRun(db: Db, projectId: string, id: string): Promise<WholeRun | undefined> {
  return runsWithInfrastructure(db)
    .selectAll('runs')
    .where('runs.projectId', '=', projectId)
    .where('runs.id', '=', id)
    .executeTakeFirst()
}

export async function stepsOf(db: Db, runId: string): Promise<StepRow[]> {
  return db.selectFrom('steps').selectAll().where('runId', '=', runId).orderBy('position').execute()
}

export async function stopOf(db: Db, runId: string): Promise<StopRow | undefined> {
  return db.selectFrom('stops').selectAll().where('runId', '=', runId).executeTakeFirst()
}

export type ApprovalRow = Selectable<ApprovalTable>

export async function approvalsOf(db: Db, runId: string): Promise<ApprovalRow[]> {
  return db.selectFrom('approvals').selectAll().where('runId', '=', runId).orderBy('decidedAt').execute()
}

/** Facts after `after`, in order. */
export async function factsAfter(db: Db, options: { runId: string; after: number; limit: number }): Promise<Fact[]> {
  const rows = await db
    .selectFrom('facts')
    .select('body')
    .where('runId', '=', options.runId)
    .where('seq', '>', options.after)
    .orderBy('seq')
    .limit(options.limit)
    .execute()
  return rows.map((row) => row.body)
}

export async function findRunRequest(db: Db, projectId: string, id: string): Promise<RunRequestRow | undefined> {
  return db
    .selectFrom('runRequests')
    .innerJoin('definitions', 'definitions.id', 'runRequests.definitionId')
    .selectAll('runRequests')
    .select('definitions.name as workflow')
    .where('runRequests.projectId', '=', projectId)
    .where('runRequests.id', '=', id)
    .executeTakeFirst()
}

/** The request that became this run. */
export async function requestOfRun(
  db: Db,
  runId: string
): Promise<{ id: string; parameters: Record<string, string> } | undefined> {
  return db.selectFrom('runRequests').select(['id', 'parameters']).where('runId', '=', runId).executeTakeFirst()
}

export interface LastRuns {
  definitionId: string
  id: string
  phase: RunRow['phase']
  verdict: RunRow['verdict']
  score: number | null
  createdAt: Date
}

/** Of each definition the last `count` runs, newest first. */
export async function lastRunsOf(db: Db, definitionIds: readonly string[], count: number): Promise<LastRuns[]> {
  if (definitionIds.length === 0) return []
  const numbered = db
    .selectFrom('runs')
    .select(['definitionId', 'id', 'phase', 'verdict', 'score', 'createdAt'])
    .select(sql<number>`row_number() over (partition by definition_id order by id desc)`.as('place'))
    .where('definitionId', 'in', definitionIds)
  return db
    .selectFrom(numbered.as('numbered'))
    .select(['definitionId', 'id', 'phase', 'verdict', 'score', 'createdAt'])
    .where('place', '<=', count)
    .orderBy('id', 'desc')
    .execute()
}

/** The project's guardrails, or the built-in ones. */
export async function guardrailsOf(db: Db, projectId: string): Promise<Guardrails> {
  const row = await db
    .selectFrom('guardrails')
    .select('guardrails')
    .where('projectId', '=', projectId)
    .executeTakeFirst()
  return row?.guardrails ?? DEFAULT_GUARDRAILS
}

function runsWithInfrastructure(db: Db) {
  return db
    .selectFrom('runs')
    .innerJoin('infrastructures', 'infrastructures.id', 'runs.infrastructureId')
    .select('infrastructures.name as infrastructureName')
}

function listedRuns(db: Db) {
  return runsWithInfrastructure(db).select(LISTED.map((column) => `runs.${column}` as const))
}

export interface RunnableDefinition {
  id: string
  projectId: string
  name: string
  path: string
  revision: number
  text: string
  commit: string | null
}

/** A definition with git's last good text; undefined once it is deleted. */
export async function runnableDefinition(db: Db, id: string): Promise<RunnableDefinition | undefined> {
  return runnable(db).where('definitions.id', '=', id).executeTakeFirst()
}

export async function runnableDefinitionByName(
  db: Db,
  projectId: string,
  name: string
): Promise<RunnableDefinition | undefined> {
  return runnable(db)
    .where('definitions.projectId', '=', projectId)
    .where('definitions.name', '=', name)
    .executeTakeFirst()
}

function runnable(db: Db) {
  return db
    .selectFrom('definitions')
    .innerJoin('revisions', (join) =>
      join.onRef('revisions.definitionId', '=', 'definitions.id').onRef('revisions.number', '=', 'definitions.revision')
    )
    .select(['definitions.id', 'definitions.projectId', 'definitions.name', 'definitions.path', 'definitions.revision'])
    .select(['revisions.text', 'revisions.commit'])
    .where('definitions.deletedAt', 'is', null)
}

export interface GrantedInfrastructure {
  id: string
  name: string
  aliases: string[]
  isDefault: boolean
  allowCommands: boolean
  /** its runs may harm whole nodes there */
  nodeFaults: boolean
  engine: EngineSetting
}

/** Where runs of the project may go. `hold`: until the transaction ends none of them is removed or withdrawn. */
export async function grantedInfrastructures(
  db: Db,
  projectId: string,
  { hold = false }: { hold?: boolean } = {}
): Promise<GrantedInfrastructure[]> {
  return db
    .selectFrom('infrastructureGrants')
    .innerJoin('infrastructures', 'infrastructures.id', 'infrastructureGrants.infrastructureId')
    .select(['infrastructures.id', 'infrastructures.name', 'infrastructures.aliases', 'infrastructures.allowCommands'])
    .select('infrastructures.engine')
    .select('infrastructureGrants.isDefault')
    .select((eb) =>
      eb
        .and([eb('nodeFaults', '=', true), eb('manages', '=', true)])
        .$castTo<boolean>()
        .as('nodeFaults')
    )
    .where('infrastructureGrants.projectId', '=', projectId)
    .where('infrastructures.removedAt', 'is', null)
    .orderBy('infrastructures.name')
    .$if(hold, (query) => query.forKeyShare())
    .execute()
}

export type KillSwitchRow = Omit<Selectable<KillSwitchTable>, 'projectId'>

/** That of the project, and that of the whole server; null: it is off. */
export async function killSwitchesOf(
  db: Db,
  projectId: string
): Promise<{ engaged: KillSwitchRow | null; everywhere: KillSwitchRow | null }> {
  const columns = ['reason', 'engagedBy', 'engagedAt'] as const
  const own = db.selectFrom('killSwitches').select(columns).where('projectId', '=', projectId)
  return { engaged: (await own.executeTakeFirst()) ?? null, everywhere: await serverKillSwitch(db) }
}

export async function serverKillSwitch(db: Db): Promise<KillSwitchRow | null> {
  const row = db.selectFrom('serverKillSwitch').select(['reason', 'engagedBy', 'engagedAt'])
  return (await row.executeTakeFirst()) ?? null
}

/** Names of the workflows that a push of these commits has asked a run of. */
export async function startedByCommits(db: Db, projectId: string, commits: readonly string[]): Promise<string[]> {
  if (commits.length === 0) return []
  const rows = await db
    .selectFrom('runRequests')
    .innerJoin('definitions', 'definitions.id', 'runRequests.definitionId')
    .select('definitions.name')
    .distinct()
    .where('runRequests.projectId', '=', projectId)
    .where(sql`run_requests.cause ->> 'kind'`, '=', 'git')
    .where(sql`run_requests.cause ->> 'commit'`, 'in', [...commits])
    .orderBy('definitions.name')
    .execute()
  return rows.map(({ name }) => name)
}
