import type { InfrastructureKind } from '../domain/index.ts'
import { AppError, type Clock, Secret } from '../platform/index.ts'
import type { KeyStore } from './key-store.ts'
import type { ServerLink } from './server-link.ts'

export interface CredentialsOptions {
  keys: KeyStore
  kind: InfrastructureKind
  server: ServerLink
  /** one-time; only needed while there is no key */
  registrationToken: Secret | null
  clock: Clock
}

/** A key as it is kept, and of which infrastructure. */
export interface KeptKey {
  infrastructure: string
  name: string
  kind: string
  key: Secret
  /** when it was given, in ms; 0 = not known */
  since: number
}

/**
 * The agent's key: the one that is kept, or in exchange for the registration token. Rejects with
 * `agent/not-registered` when there is neither, `agent/other-kind` for the key of another kind of infrastructure, `agent/refused` for a bad token, `agent/server-away` for another try.
 */
export async function obtainKey(options: CredentialsOptions, signal: AbortSignal): Promise<KeptKey> {
  const { keys, kind, server, registrationToken, clock } = options
  const kept = keptKey(await keys.read())
  if (kept !== null) {
    if (kept.kind !== kind) throw otherKind(keys.where, kept.kind)
    return kept
  }
  if (registrationToken === null) throw notRegistered()
  const { infrastructure, name, key } = await server.register(registrationToken, kind, signal)
  const first = { infrastructure, name, kind, key: new Secret(key), since: clock.now().getTime() }
  await keep(keys, first)
  return first
}

/** The next key, which is kept before it is used: whatever is cut off on the way, the one that is kept works. */
export async function renewKey({ keys, server, clock }: CredentialsOptions, before: KeptKey): Promise<KeptKey> {
  const kept = keptKey(await keys.read())
  // it was kept by an earlier try that did not hear so
  if (kept !== null && !isSame(kept, before)) return kept
  const next = { ...before, key: await server.renewKey(before.key), since: clock.now().getTime() }
  await keep(keys, next)
  return next
}

/** Only this one: a successor may have kept its own. */
export async function forgetKey(keys: KeyStore, ended: KeptKey): Promise<void> {
  const kept = keptKey(await keys.read())
  if (kept !== null && isSame(kept, ended)) await keys.remove()
}

function keep(keys: KeyStore, kept: KeptKey): Promise<void> {
  return keys.write(JSON.stringify({ ...kept, key: kept.key.reveal() }))
}

function isSame(one: KeptKey, other: KeptKey): boolean {
  return one.key.reveal() === other.key.reveal()
}

function keptKey(text: string | null): KeptKey | null {
  if (text === null) return null
  // a key that says no kind was kept when there were local infrastructures alone
  const { infrastructure = '', name = '', kind = 'local', key, since } = JSON.parse(text) as Record<string, unknown>
  if (typeof key !== 'string') return null
  const given = typeof since === 'number' ? since : 0
  return {
    infrastructure: String(infrastructure),
    name: String(name),
    kind: String(kind),
    key: new Secret(key),
    since: given
  }
}

function otherKind(where: string, kind: string): AppError {
  const message = `${where} holds the key of an agent of a ${kind} infrastructure. Give this one a folder of its own with FAULTLINE_AGENT_FOLDER.`
  return new AppError({ code: 'agent/other-kind', kind: 'stalled', message })
}

function notRegistered(): AppError {
  const message =
    'This agent is not registered. Create an infrastructure in the portal and start the agent with its registration token (FAULTLINE_AGENT_TOKEN).'
  return new AppError({ code: 'agent/not-registered', kind: 'stalled', message })
}
