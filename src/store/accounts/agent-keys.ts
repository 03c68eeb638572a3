import type { Selectable } from 'kysely'
import type { Db, Tx } from '../connect.ts'
import type { InfrastructureTable } from '../schema.ts'
import { transaction } from '../transaction.ts'
import { tellProjects } from './tell-projects.ts'

export interface Registration {
  registrationHash: string
  kind: InfrastructureTable['kind']
  keyHash: string
  version: string
  allowCommands: boolean
  now: Date
}

/** Where an agent belongs. */
export type AgentPlace = Pick<Selectable<InfrastructureTable>, 'id' | 'name' | 'kind' | 'environment'>

/**
 * Uses the registration up, stores the agent's key and ends the keys before it; undefined when there is no such
 * registration any more.
 */
export function redeemRegistration(db: Db, registration: Registration): Promise<AgentPlace | undefined> {
  const { registrationHash, kind, keyHash, version, allowCommands, now } = registration
  return transaction(db, async (tx) => {
    const place = await tx
      .updateTable('infrastructures')
      .set({ registrationHash: null, agentVersion: version, allowCommands, seenAt: now })
      .where('registrationHash', '=', registrationHash)
      .where('kind', '=', kind)
      .where('removedAt', 'is', null)
      .returning(['id', 'name', 'kind', 'environment'])
      .executeTakeFirst()
    if (place === undefined) return undefined
    await endAgentKeys(tx, place.id, now)
    const key = { keyHash, infrastructureId: place.id, createdAt: now, usedAt: now }
    await tx.insertInto('agentKeys').values(key).execute()
    await tellProjects(tx, place.id)
    return place
  })
}

/** Also those that are about to. */
export async function endAgentKeys(tx: Tx, infrastructureId: string, now: Date): Promise<void> {
  await tx
    .updateTable('agentKeys')
    .set({ endedAt: now })
    .where('infrastructureId', '=', infrastructureId)
    .where((eb) => eb.or([eb('endedAt', 'is', null), eb('endedAt', '>', now)]))
    .execute()
}

export interface NextKey {
  keyHash: string
  infrastructureId: string
  now: Date
  /** keys that ended before are forgotten: an agent that still has one hears that it is not known */
  endedBefore: Date
}

/**
 * A key that works beside the one in use, until it is used itself; one that was given before and never used is forgotten.
 * The infrastructure's name.
 */
export function insertNextKey(db: Db, { keyHash, infrastructureId, now, endedBefore }: NextKey): Promise<string> {
  return transaction(db, async (tx) => {
    await tx
      .deleteFrom('agentKeys')
      .where('infrastructureId', '=', infrastructureId)
      .where((eb) => eb.or([eb('usedAt', 'is', null), eb('endedAt', '<', endedBefore)]))
      .execute()
    await tx.insertInto('agentKeys').values({ keyHash, infrastructureId, createdAt: now, usedAt: null }).execute()
    const places = tx.selectFrom('infrastructures').select('name').where('id', '=', infrastructureId)
    return (await places.executeTakeFirstOrThrow()).name
  })
}

/** It is the one in use from now on; those before it end a little later. */
export function beginKey(db: Db, key: { keyHash: string; now: Date; othersEnd: Date }): Promise<void> {
  const { keyHash, now, othersEnd } = key
  return transaction(db, async (tx) => {
    const begun = await tx
      .updateTable('agentKeys')
      .set({ usedAt: now })
      .where('keyHash', '=', keyHash)
      .where('usedAt', 'is', null)
      .where('endedAt', 'is', null)
      .returning('infrastructureId')
      .executeTakeFirst()
    if (begun === undefined) return
    await tx
      .updateTable('agentKeys')
      .set({ endedAt: othersEnd })
      .where('infrastructureId', '=', begun.infrastructureId)
      .where('keyHash', '!=', keyHash)
      .where('endedAt', 'is', null)
      .execute()
  })
}

export interface KnownKey {
  infrastructureId: string
  name: string
  /** it was given to be the next one, and is used for the first time */
  isNext: boolean
  /** why it does not work any more; null: it works */
  ended: 'removed' | 'replaced' | null
}

export async function findAgentKey(db: Db, keyHash: string, now: Date): Promise<KnownKey | undefined> {
  const row = await db
    .selectFrom('agentKeys')
    .innerJoin('infrastructures', 'infrastructures.id', 'agentKeys.infrastructureId')
    .select(['infrastructureId', 'name', 'usedAt', 'endedAt', 'removedAt'])
    .where('keyHash', '=', keyHash)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { infrastructureId, name, usedAt, endedAt, removedAt } = row
  const replaced = endedAt === null || endedAt > now ? null : 'replaced'
  return { infrastructureId, name, isNext: usedAt === null, ended: removedAt === null ? replaced : 'removed' }
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
