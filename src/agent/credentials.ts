import type { InfrastructureKind } from '../domain/index.ts'
import { AppError, Secret } from '../platform/index.ts'
import type { KeyStore } from './key-store.ts'
import type { ServerLink } from './server-link.ts'

export interface CredentialsOptions {
  keys: KeyStore
  kind: InfrastructureKind
  server: ServerLink
  /** one-time; only needed while there is no key */
  registrationToken: Secret | null
}

/**
 * The agent's key: the one that is kept, or in exchange for the registration token. Rejects with
 * `agent/not-registered` when there is neither, `agent/other-kind` for the key of another kind of infrastructure, `agent/refused` for a bad token, `agent/server-away` for another try.
 */
export async function obtainKey(options: CredentialsOptions, signal: AbortSignal): Promise<Secret> {
  const { keys, kind, server, registrationToken } = options
  const kept = keptKey(await keys.read())
  if (kept !== null) {
    if (kept.kind !== kind) throw otherKind(keys.where, kept.kind)
    return kept.key
  }
  if (registrationToken === null) throw notRegistered()
  const { infrastructure, name, key } = await server.register(registrationToken, kind, signal)
  await keys.write(JSON.stringify({ infrastructure, name, kind, key }))
  return new Secret(key)
}

function keptKey(text: string | null): { key: Secret; kind: string } | null {
  if (text === null) return null
  // a key that says no kind was kept when there were local infrastructures alone
  const { key, kind = 'local' } = JSON.parse(text) as { key?: unknown; kind?: unknown }
  return typeof key === 'string' ? { key: new Secret(key), kind: String(kind) } : null
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
