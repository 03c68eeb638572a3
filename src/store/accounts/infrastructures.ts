import type { Insertable, Selectable } from 'kysely'
import type { Db } from '../connect.ts'
import { notify } from '../notify.ts'
import type { InfrastructureTable } from '../schema.ts'
import { lockFor, transaction } from '../transaction.ts'

/** Where an agent belongs. */
export type AgentPlace = Pick<Selectable<InfrastructureTable>, 'id' | 'name' | 'kind'>

/** Granted to the project; the first one of a project is its default. False when the name is taken. */
export function insertInfrastructure(
  db: Db,
  place: Insertable<InfrastructureTable>,
  projectId: string
): Promise<boolean> {
  return transaction(db, async (tx) => {
    await lockFor(tx, 'grants', projectId)
    const inserted = await tx
      .insertInto('infrastructures')
      .values(place)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (inserted === undefined) return false
    const earlier = await tx
      .selectFrom('infrastructureGrants')
      .select('infrastructureId')
      .where('projectId', '=', projectId)
      .where('isDefault', '=', true)
      .executeTakeFirst()
    const grant = { infrastructureId: inserted.id, projectId, isDefault: earlier === undefined }
    await tx.insertInto('infrastructureGrants').values(grant).execute()
    await tellProjects(tx, inserted.id)
    return true
  })
}

export interface Registration {
  registrationHash: string
  kind: InfrastructureTable['kind']
  keyHash: string
  version: string
  allowCommands: boolean
  now: Date
}

/** Uses the registration up and stores the agent's key; undefined when there is no such registration any more. */
export function redeemRegistration(db: Db, registration: Registration): Promise<AgentPlace | undefined> {
  const { registrationHash, kind, keyHash, version, allowCommands, now } = registration
  return transaction(db, async (tx) => {
    const place = await tx
      .updateTable('infrastructures')
      .set({ registrationHash: null, agentVersion: version, allowCommands, seenAt: now })
      .where('registrationHash', '=', registrationHash)
      .where('kind', '=', kind)
      .returning(['id', 'name', 'kind'])
      .executeTakeFirst()
    if (place === undefined) return undefined
    await tx.insertInto('agentKeys').values({ keyHash, infrastructureId: place.id, createdAt: now }).execute()
    await tellProjects(tx, place.id)
    return place
  })
}

export async function agentPlace(db: Db, keyHash: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('agentKeys')
    .select('infrastructureId')
    .where('keyHash', '=', keyHash)
    .executeTakeFirst()
  return row?.infrastructureId
}

export interface Seen {
  infrastructureId: string
  /** null: not told */
  version: string | null
  allowCommands: boolean | null
  now: Date
  /** an agent not seen since then was away: its return is news */
  awaySince: Date
}

/** The infrastructure's name where it is told for the first time that commands are allowed there, or no longer. */
export function markSeen(db: Db, seen: Seen): Promise<string | undefined> {
  return transaction(db, async (tx) => {
    const before = await tx
      .selectFrom('infrastructures')
      .select(['name', 'seenAt', 'allowCommands'])
      .where('id', '=', seen.infrastructureId)
      .forUpdate()
      .executeTakeFirst()
    const version = seen.version === null ? {} : { agentVersion: seen.version }
    const commands = seen.allowCommands === null ? {} : { allowCommands: seen.allowCommands }
    await tx
      .updateTable('infrastructures')
      .set({ seenAt: seen.now, ...version, ...commands })
      .where('id', '=', seen.infrastructureId)
      .execute()
    const wasAway = before !== undefined && (before.seenAt === null || before.seenAt < seen.awaySince)
    const changed = seen.allowCommands !== null && before?.allowCommands !== seen.allowCommands
    if (wasAway || changed) await tellProjects(tx, seen.infrastructureId)
    return changed ? before?.name : undefined
  })
}

async function tellProjects(db: Db, infrastructureId: string): Promise<void> {
  const grants = await db
    .selectFrom('infrastructureGrants')
    .select('projectId')
    .where('infrastructureId', '=', infrastructureId)
    .execute()
  for (const { projectId } of grants) {
    await notify(db, 'stream', JSON.stringify({ project: projectId, topic: 'infrastructures', id: null }))
  }
}
