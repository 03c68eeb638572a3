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
    await tx.insertInto('agentKeys').values({ keyHash, infrastructureId: place.id, createdAt: now }).execute()
    await tellProjects(tx, place.id)
    return place
  })
}

export async function endAgentKeys(tx: Tx, infrastructureId: string, now: Date): Promise<void> {
  const keys = tx.updateTable('agentKeys').set({ endedAt: now })
  await keys.where('infrastructureId', '=', infrastructureId).where('endedAt', 'is', null).execute()
}

export interface KnownKey {
  infrastructureId: string
  name: string
  /** why it does not work any more; null: it works */
  ended: 'removed' | 'replaced' | null
}

export async function findAgentKey(db: Db, keyHash: string): Promise<KnownKey | undefined> {
  const row = await db
    .selectFrom('agentKeys')
    .innerJoin('infrastructures', 'infrastructures.id', 'agentKeys.infrastructureId')
    .select(['infrastructureId', 'name', 'endedAt', 'removedAt'])
    .where('keyHash', '=', keyHash)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { infrastructureId, name, endedAt, removedAt } = row
  const replaced = endedAt === null ? null : 'replaced'
  return { infrastructureId, name, ended: removedAt === null ? replaced : 'removed' }
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
