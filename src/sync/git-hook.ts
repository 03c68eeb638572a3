import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { newToken, Secret } from '../platform/index.ts'
import { settingsOf, transaction } from '../store/index.ts'
import { changeState, holdProject, knock, resetState, saveSettings } from '../store/sync/write.ts'
import { type Desk, sealContext } from './desk.ts'
import { noSettings } from './no-settings.ts'

/** What a git host sent, as far as it matters: whether it knows the secret. The body is signed, and never read. */
export interface HookCall {
  body: Uint8Array
  headers: Readonly<Record<string, string | string[] | undefined>>
}

/** `sha256=<hex>` of the body: GitHub's, Gitea's and Forgejo's name for it, and one for whoever writes his own. */
const SIGNATURES = ['x-hub-signature-256', 'x-faultline-signature'] as const
/** GitLab sends the secret itself */
const TOKEN = 'x-gitlab-token'

/** A new secret for the webhook; the one before counts no more. It is answered once, here. */
export async function makeHookSecret(desk: Desk, project: string): Promise<string> {
  const secret = newToken()
  const hookSecretSealed = desk.sealer.seal(new Secret(secret), sealContext(project))
  await transaction(desk.store.db, async (tx) => {
    await holdProject(tx, project, null)
    const before = await settingsOf(tx, project)
    const known = before ?? noSettings(desk, project)
    await saveSettings(tx, { ...known, hookSecretSealed, updatedAt: desk.clock.now() })
    if (before === undefined) await resetState(tx, project)
  })
  return secret
}

/** A knock is a hint: the next pass looks at once. False: the secret is wrong, or there is none; which, is not said. */
export async function hearHook(desk: Desk, project: string, call: HookCall): Promise<boolean> {
  const settings = await settingsOf(desk.store.db, project)
  const sealed = settings?.hookSecretSealed ?? null
  // the same work where there is no project or secret, so that the time tells nothing
  const secret = sealed === null ? newToken() : desk.sealer.open(sealed, sealContext(project)).reveal()
  if (!knowsSecret(call, secret) || settings === undefined || sealed === null) return false
  const now = desk.clock.now()
  await changeState(desk.store.db, project, { hookAt: now })
  if (settings.enabled) await knock(desk.store.db, project, now)
  return true
}

function knowsSecret({ body, headers }: HookCall, secret: string): boolean {
  const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  const signed = SIGNATURES.some((name) => equal(String(headers[name] ?? ''), expected))
  return signed || equal(String(headers[TOKEN] ?? ''), secret)
}

/** In constant time, whatever the lengths. */
function equal(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
