import type { Selectable } from 'kysely'
import type { Db, Tx } from '../connect.ts'
import type { InfrastructureTable } from '../schema.ts'
import { lockFor, transaction } from '../transaction.ts'
import { hasDefault, type PlaceOrder } from './infrastructures.ts'
import { type LiveRun, liveRunsOn } from './live-runs.ts'
import { tellProject } from './tell-projects.ts'

type Place = Pick<Selectable<InfrastructureTable>, 'id' | 'name' | 'kind'>

export type GrantChange =
  /** `changed`: false, it was so before */
  | { kind: 'done'; place: Place; changed: boolean }
  | { kind: 'missing' }
  | { kind: 'no-project' }
  /** a local one serves one project */
  | { kind: 'local'; name: string }
  /** the project that manages it keeps it */
  | { kind: 'manages'; name: string }
  | { kind: 'busy'; name: string; runs: LiveRun[] }

/** From now on runs of the project may go there; the first one of a project is its default. */
export function grantInfrastructure(db: Db, { id, projectId }: PlaceOrder): Promise<GrantChange> {
  return transaction(db, async (tx) => {
    await lockFor(tx, 'grants', projectId)
    const place = await placeInUse(tx, id)
    if (place === undefined) return { kind: 'missing' }
    if ((await grantOf(tx, { id, projectId })) !== undefined) return { kind: 'done', place, changed: false }
    if (place.kind === 'local') return { kind: 'local', name: place.name }
    const project = await tx.selectFrom('projects').select('id').where('id', '=', projectId).executeTakeFirst()
    if (project === undefined) return { kind: 'no-project' }
    const grant = { infrastructureId: id, projectId, isDefault: !(await hasDefault(tx, projectId)), manages: false }
    await tx.insertInto('infrastructureGrants').values(grant).execute()
    await tellProject(tx, projectId)
    return { kind: 'done', place, changed: true }
  })
}

/** Refused while runs of the project there have not ended; those that have stay readable. */
export function withdrawInfrastructure(db: Db, { id, projectId }: PlaceOrder): Promise<GrantChange> {
  return transaction(db, async (tx) => {
    await lockFor(tx, 'grants', projectId)
    const place = await placeInUse(tx, id)
    if (place === undefined) return { kind: 'missing' }
    const grant = await grantOf(tx, { id, projectId })
    if (grant === undefined) return { kind: 'done', place, changed: false }
    if (grant.manages) return { kind: 'manages', name: place.name }
    const runs = await liveRunsOn(tx, id, projectId)
    if (runs.length > 0) return { kind: 'busy', name: place.name, runs }
    await tx
      .deleteFrom('infrastructureGrants')
      .where('infrastructureId', '=', id)
      .where('projectId', '=', projectId)
      .execute()
    await tellProject(tx, projectId)
    return { kind: 'done', place, changed: true }
  })
}

/** Where runs of the project go that say nothing else; answers the name of the default before, null: there was none. */
export function setDefaultInfrastructure(
  db: Db,
  { id, projectId }: PlaceOrder
): Promise<{ kind: 'done'; before: string | null } | { kind: 'missing' }> {
  return transaction(db, async (tx) => {
    await lockFor(tx, 'grants', projectId)
    const granted = await tx
      .selectFrom('infrastructureGrants')
      .innerJoin('infrastructures', 'infrastructures.id', 'infrastructureGrants.infrastructureId')
      .select(['infrastructures.id', 'name', 'isDefault'])
      .where('projectId', '=', projectId)
      .where('removedAt', 'is', null)
      .execute()
    if (granted.every((place) => place.id !== id)) return { kind: 'missing' }
    // one after the other: there is never a second default
    for (const chosen of [false, true]) {
      await tx
        .updateTable('infrastructureGrants')
        .set({ isDefault: chosen })
        .where('projectId', '=', projectId)
        .where('infrastructureId', chosen ? '=' : '!=', id)
        .execute()
    }
    await tellProject(tx, projectId)
    return { kind: 'done', before: granted.find(({ isDefault }) => isDefault)?.name ?? null }
  })
}

async function placeInUse(tx: Tx, id: string): Promise<Place | undefined> {
  return tx
    .selectFrom('infrastructures')
    .select(['id', 'name', 'kind'])
    .where('id', '=', id)
    .where('removedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}

async function grantOf(tx: Tx, { id, projectId }: PlaceOrder): Promise<{ manages: boolean } | undefined> {
  return tx
    .selectFrom('infrastructureGrants')
    .select('manages')
    .where('infrastructureId', '=', id)
    .where('projectId', '=', projectId)
    .executeTakeFirst()
}
