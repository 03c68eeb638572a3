import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { InfrastructureKind } from '../domain/index.ts'
import { AppError, Secret } from '../platform/index.ts'
import { privateFolder, writeDurably } from './durable-file.ts'
import type { ServerLink } from './server-link.ts'

export interface CredentialsOptions {
  folder: string
  kind: InfrastructureKind
  server: ServerLink
  /** one-time; only needed while there is no key */
  registrationToken: Secret | null
}

/**
 * The agent's key: from its folder (0600), or in exchange for the registration token. Rejects with
 * `agent/not-registered` when there is neither, `agent/other-kind` for the key of another kind of infrastructure, `agent/refused` for a bad token, `agent/server-away` for another try.
 */
export async function obtainKey(options: CredentialsOptions, signal: AbortSignal): Promise<Secret> {
  const { folder, kind, server, registrationToken } = options
  const kept = await keptKey(folder)
  if (kept !== null) {
    if (kept.kind !== kind) throw otherKind(folder, kept.kind)
    return kept.key
  }
  if (registrationToken === null) throw notRegistered()
  const { infrastructure, name, key } = await server.register(registrationToken, kind, signal)
  await privateFolder(folder)
  await writeDurably(keyFile(folder), JSON.stringify({ infrastructure, name, kind, key }))
  return new Secret(key)
}

/** an agent has worked with this folder before */
export async function isRegistered(folder: string): Promise<boolean> {
  return (await keptKey(folder)) !== null
}

/** One that has ended: with a new registration token the folder begins anew. */
export async function forgetKey(folder: string): Promise<void> {
  await rm(keyFile(folder), { force: true })
}

async function keptKey(folder: string): Promise<{ key: Secret; kind: string } | null> {
  let text: string
  try {
    text = await readFile(keyFile(folder), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  // a key that says no kind was kept when there were local infrastructures alone
  const { key, kind = 'local' } = JSON.parse(text) as { key?: unknown; kind?: unknown }
  return typeof key === 'string' ? { key: new Secret(key), kind: String(kind) } : null
}

function keyFile(folder: string): string {
  return join(folder, 'agent-key.json')
}

function otherKind(folder: string, kind: string): AppError {
  const message = `The folder ${folder} is that of an agent of a ${kind} infrastructure. Give this one a folder of its own with FAULTLINE_AGENT_FOLDER.`
  return new AppError({ code: 'agent/other-kind', kind: 'stalled', message })
}

function notRegistered(): AppError {
  const message =
    'This agent is not registered. Create an infrastructure in the portal and start the agent with its registration token (FAULTLINE_AGENT_TOKEN).'
  return new AppError({ code: 'agent/not-registered', kind: 'stalled', message })
}
