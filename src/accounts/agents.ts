import { AppError, newToken } from '../platform/index.ts'
import {
  beginKey,
  findAgentKey,
  insertNextKey,
  type KnownKey,
  markSeen,
  redeemRegistration
} from '../store/accounts/write.ts'
import { audit } from './audit.ts'
import type { Desk } from './desk.ts'
import { tokenHash } from './password.ts'

/** An agent asks for tasks at least every 25 s; one that was not heard of for longer than this is away. */
export const CONNECTED_MS = 45_000
/** what was sent with the key before is on its way for no longer than an agent waits for an answer */
const ON_ITS_WAY_MS = 10_000
/** so long a key that has ended is told from one that was never known */
const REMEMBERED_MS = 90 * 24 * 60 * 60 * 1000

export interface AgentRegistration {
  token: string
  kind: 'local' | 'kubernetes'
  version: string
  allowCommands: boolean
}

export interface RegisteredAgent {
  infrastructure: string
  name: string
  environment: 'prod' | 'non-prod'
  key: string
}

/** What an agent says of itself with each question for tasks; null = not told. */
export interface Presence {
  version: string | null
  allowCommands: boolean | null
}

/** The token works once; the key that it buys is for this one infrastructure, is shown only here, and ends the one before. */
export async function registerAgent(desk: Desk, { token, ...agent }: AgentRegistration): Promise<RegisteredAgent> {
  const key = newToken()
  const hashes = { registrationHash: tokenHash(token), keyHash: tokenHash(key) }
  const place = await redeemRegistration(desk.store.db, { ...hashes, ...agent, now: desk.clock.now() })
  if (place === undefined) {
    throw new AppError({
      code: 'accounts/registration-refused',
      kind: 'denied',
      message: `This registration token was used or replaced already, or is not one for a ${agent.kind} infrastructure. Make a new one on the page Infrastructures.`
    })
  }
  const { id: infrastructure, name, environment } = place
  return { infrastructure, name, environment, key }
}

/** The infrastructure that the key is for; null: it was never a key. Rejects for one that has ended, saying why. */
export async function authenticateAgent(desk: Desk, key: string): Promise<string | null> {
  const [keyHash, now] = [tokenHash(key), desk.clock.now()]
  const known = await findAgentKey(desk.store.db, keyHash, now)
  if (known === undefined) return null
  if (known.ended !== null) throw keyEnded(known.name, known.ended)
  if (known.isNext) {
    await beginKey(desk.store.db, { keyHash, now, othersEnd: new Date(now.getTime() + ON_ITS_WAY_MS) })
  }
  return known.infrastructureId
}

/** The agent's next key, shown only here. The one that it has works until this one is used: it can be kept first. */
export async function renewAgentKey(
  desk: Desk,
  infrastructureId: string
): Promise<{ infrastructure: string; key: string }> {
  const [key, now] = [newToken(), desk.clock.now()]
  const endedBefore = new Date(now.getTime() - REMEMBERED_MS)
  const next = { keyHash: tokenHash(key), infrastructureId, now, endedBefore }
  return { infrastructure: await insertNextKey(desk.store.db, next), key }
}

export async function heartbeat(desk: Desk, infrastructureId: string, presence: Presence): Promise<void> {
  const now = desk.clock.now()
  const awaySince = new Date(now.getTime() - CONNECTED_MS)
  const name = await markSeen(desk.store.db, { infrastructureId, ...presence, now, awaySince })
  if (name === undefined) return
  const { allowCommands } = presence
  const entry = { actor: 'system', address: null, action: 'agent.commands', project: null, target: name }
  await audit(desk, { ...entry, before: { allowCommands: !allowCommands }, after: { allowCommands } })
}

function keyEnded(name: string, why: NonNullable<KnownKey['ended']>): AppError {
  return why === 'removed'
    ? new AppError({
        code: 'accounts/infrastructure-removed',
        kind: 'denied',
        message: `The infrastructure ${name} was removed from this server, and the agent's key ended with it. To bring the machine back, add an infrastructure and start the agent with its token.`
      })
    : new AppError({
        code: 'accounts/agent-key-replaced',
        kind: 'denied',
        message: `A newer key of the infrastructure ${name} is in use: another agent has registered for it, or has renewed this key. This agent's key ended with that; if you know of no other agent, make a new registration token.`
      })
}
