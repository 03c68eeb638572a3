import { AppError, newId, newToken, Secret } from '../platform/index.ts'
import { agentPlace, insertInfrastructure, markSeen, redeemRegistration } from '../store/accounts/write.ts'
import { type InfrastructureRow, infrastructuresOf } from '../store/index.ts'
import { audit } from './audit.ts'
import type { Desk } from './desk.ts'
import { tokenHash } from './password.ts'

/** an agent asks for tasks at least every 25 s */
const CONNECTED_MS = 45_000

export interface NewInfrastructure {
  /** DNS label, unique on this server */
  name: string
  kind: 'local' | 'kubernetes'
  environment: 'prod' | 'non-prod'
  /** that it is granted to; its first one becomes the default */
  project: string
}

export interface ListedInfrastructure extends InfrastructureRow {
  connected: boolean
}

export async function createInfrastructure(
  desk: Desk,
  { project, ...place }: NewInfrastructure
): Promise<{ id: string; registrationToken: Secret }> {
  const now = desk.clock.now()
  const token = newToken()
  const row = {
    ...place,
    id: newId(now),
    createdAt: now,
    registrationHash: tokenHash(token),
    agentVersion: null,
    allowCommands: false,
    seenAt: null
  }
  if (!(await insertInfrastructure(desk.store.db, row, project))) {
    throw new AppError({
      code: 'accounts/infrastructure-exists',
      kind: 'clash',
      message: `There is an infrastructure named ${place.name} on this server already; choose another name.`
    })
  }
  return { id: row.id, registrationToken: new Secret(token) }
}

export interface AgentRegistration {
  token: string
  kind: 'local' | 'kubernetes'
  version: string
  allowCommands: boolean
}

/** What an agent says of itself with each question for tasks; null = not told. */
export interface Presence {
  version: string | null
  allowCommands: boolean | null
}

/** The token works once; the key that it buys is for this one infrastructure, and is shown only here. */
export async function registerAgent(
  desk: Desk,
  { token, ...agent }: AgentRegistration
): Promise<{ infrastructure: string; name: string; key: string }> {
  const key = newToken()
  const hashes = { registrationHash: tokenHash(token), keyHash: tokenHash(key) }
  const place = await redeemRegistration(desk.store.db, { ...hashes, ...agent, now: desk.clock.now() })
  if (place === undefined) {
    throw new AppError({
      code: 'accounts/registration-refused',
      kind: 'denied',
      message: `This registration token was used already, or is not one for a ${agent.kind} infrastructure. Add the infrastructure again for a new one.`
    })
  }
  return { infrastructure: place.id, name: place.name, key }
}

/** The infrastructure that the key is for, or null. */
export async function authenticateAgent(desk: Desk, key: string): Promise<string | null> {
  return (await agentPlace(desk.store.db, tokenHash(key))) ?? null
}

export async function heartbeat(desk: Desk, infrastructureId: string, presence: Presence): Promise<void> {
  const now = desk.clock.now()
  const awaySince = new Date(now.getTime() - CONNECTED_MS)
  const name = await markSeen(desk.store.db, { infrastructureId, ...presence, now, awaySince })
  if (name === undefined) return
  const { allowCommands } = presence
  const entry = { actor: 'system', action: 'agent.commands', project: null, target: name }
  await audit(desk, { ...entry, before: { allowCommands: !allowCommands }, after: { allowCommands } })
}

export async function listInfrastructures(desk: Desk, projectId: string): Promise<ListedInfrastructure[]> {
  const since = desk.clock.now().getTime() - CONNECTED_MS
  const places = await infrastructuresOf(desk.store.db, projectId)
  return places.map((place) => ({ ...place, connected: place.seenAt !== null && place.seenAt.getTime() >= since }))
}
