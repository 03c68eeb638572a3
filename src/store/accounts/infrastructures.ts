import { type Insertable, type Selectable, sql } from 'kysely'
import type { EngineSetting } from '../../domain/index.ts'
import type { Db, Tx } from '../connect.ts'
import type { InfrastructureTable } from '../schema.ts'
import { lockFor, transaction } from '../transaction.ts'
import { endAgentKeys } from './agent-keys.ts'
import { type LiveRun, liveRunsOn } from './live-runs.ts'
import { tellProjects } from './tell-projects.ts'

type Place = Selectable<InfrastructureTable>

/** so many old names are kept, the latest ones */
const MOST_ALIASES = 50

/** `taken`: the infrastructure that has the name, or had it before */
export type PlaceChange =
  | { kind: 'done'; before: Place; after: Place }
  | { kind: 'missing' }
  | { kind: 'managed-elsewhere'; name: string }
  | { kind: 'taken'; by: string }

/** Managed by the project, and granted to it; the first one of a project is its default. */
export function insertInfrastructure(
  db: Db,
  place: Insertable<InfrastructureTable>,
  projectId: string
): Promise<{ kind: 'done' } | { kind: 'taken'; by: string }> {
  return transaction(db, async (tx) => {
    await lockFor(tx, 'grants', projectId)
    const holder = await holderOf(tx, place.name)
    if (holder !== undefined) return { kind: 'taken', by: holder.name }
    await tx.insertInto('infrastructures').values(place).execute()
    const isDefault = !(await hasDefault(tx, projectId))
    const grant = { infrastructureId: place.id, projectId, isDefault, manages: true }
    await tx.insertInto('infrastructureGrants').values(grant).execute()
    await tellProjects(tx, place.id)
    return { kind: 'done' }
  })
}

export interface PlaceOrder {
  projectId: string
  id: string
}

/** What is left out stays. The name before becomes an alias; a name that is one of its own aliases is taken back. */
export function changeInfrastructure(
  db: Db,
  {
    projectId,
    id,
    ...wish
  }: PlaceOrder & {
    name?: string
    environment?: Place['environment']
    nodeFaults?: boolean
    engine?: EngineSetting
  }
): Promise<PlaceChange> {
  return transaction(db, async (tx) => {
    const found = await managedPlace(tx, { projectId, id })
    if (found.kind !== 'done') return found
    const { before } = found
    const after = { ...before, ...wish }
    if (after.name !== before.name) {
      const holder = await holderOf(tx, after.name)
      if (holder !== undefined && holder.id !== id) return { kind: 'taken', by: holder.name }
      const others = before.aliases.filter((alias) => alias !== after.name && alias !== before.name)
      after.aliases = [...others, before.name].slice(-MOST_ALIASES)
    }
    const { name, environment, aliases, nodeFaults, engine } = after
    const texts = { aliases: JSON.stringify(aliases), engine: JSON.stringify(engine) }
    const values = { name, environment, nodeFaults, ...texts }
    await tx.updateTable('infrastructures').set(values).where('id', '=', id).execute()
    await tellProjects(tx, id)
    return { kind: 'done', before, after }
  })
}

/** Refused while runs there have not ended, whosever they are. Its agent's keys end with it. */
export function removeInfrastructure(
  db: Db,
  { now, ...order }: PlaceOrder & { now: Date }
): Promise<Exclude<PlaceChange, { kind: 'taken' }> | { kind: 'busy'; name: string; runs: LiveRun[] }> {
  return transaction(db, async (tx) => {
    const found = await managedPlace(tx, order)
    if (found.kind !== 'done') return found
    const { before } = found
    const runs = await liveRunsOn(tx, order.id)
    if (runs.length > 0) return { kind: 'busy', name: before.name, runs }
    const values = { removedAt: now, registrationHash: null }
    await tx.updateTable('infrastructures').set(values).where('id', '=', order.id).execute()
    const grants = tx.updateTable('infrastructureGrants').set({ isDefault: false })
    await grants.where('infrastructureId', '=', order.id).execute()
    await endAgentKeys(tx, order.id, now)
    await tellProjects(tx, order.id)
    return { kind: 'done', before, after: { ...before, ...values } }
  })
}

/** The next agent registers with it; the key of the one before works until then. */
export function renewRegistration(
  db: Db,
  { registrationHash, ...order }: PlaceOrder & { registrationHash: string }
): Promise<Exclude<PlaceChange, { kind: 'taken' }>> {
  return transaction(db, async (tx) => {
    const found = await managedPlace(tx, order)
    if (found.kind !== 'done') return found
    await tx.updateTable('infrastructures').set({ registrationHash }).where('id', '=', order.id).execute()
    await tellProjects(tx, order.id)
    return found
  })
}

/** One that is in use and that the project manages, locked: no run is admitted to it meanwhile. */
async function managedPlace(tx: Tx, { projectId, id }: PlaceOrder): Promise<Exclude<PlaceChange, { kind: 'taken' }>> {
  const row = await tx
    .selectFrom('infrastructures')
    .innerJoin('infrastructureGrants as grant', 'grant.infrastructureId', 'infrastructures.id')
    .selectAll('infrastructures')
    .select('grant.manages')
    .where('infrastructures.id', '=', id)
    .where('grant.projectId', '=', projectId)
    .where('removedAt', 'is', null)
    .forUpdate('infrastructures')
    .executeTakeFirst()
  if (row === undefined) return { kind: 'missing' }
  const { manages, ...before } = row
  return manages ? { kind: 'done', before, after: before } : { kind: 'managed-elsewhere', name: row.name }
}

/** Whoever has the name, or had it: a file that says an old name must never come to mean another place. */
async function holderOf(tx: Tx, name: string): Promise<Pick<Place, 'id' | 'name'> | undefined> {
  await lockFor(tx, 'infrastructures', 'names')
  return tx
    .selectFrom('infrastructures')
    .select(['id', 'name'])
    .where('removedAt', 'is', null)
    .where((eb) => eb.or([eb('name', '=', name), sql<boolean>`aliases @> ${JSON.stringify([name])}::jsonb`]))
    .executeTakeFirst()
}

export async function hasDefault(tx: Tx, projectId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('infrastructureGrants')
    .select('infrastructureId')
    .where('projectId', '=', projectId)
    .where('isDefault', '=', true)
    .executeTakeFirst()
  return row !== undefined
}
