import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { newToken, Secret } from '../platform/index.ts'
import { settingsOf, transaction } from '../store/index.ts'
import { announce, changeState, holdProject, knock, refuseHook, resetState, saveSettings } from '../store/sync/write.ts'
import { type Desk, sealContext } from './desk.ts'
import { noSettings } from './no-settings.ts'

/** What a git host sent, as far as it matters: whether it knows the secret. The body is signed as it comes, and never kept. */
export interface HookCall {
  body: AsyncIterable<Uint8Array>
  headers: Readonly<Record<string, string | string[] | undefined>>
}

/** `sha256=<hex>` of the body: GitHub's, Gitea's and Forgejo's name for it, Bitbucket's, and one for whoever writes his own. */
const SIGNATURES = ['x-hub-signature-256', 'x-hub-signature', 'x-faultline-signature'] as const
/** GitLab sends the secret itself */
const TOKEN = 'x-gitlab-token'
/** how hosts name what happened */
const EVENTS = ['x-github-event', 'x-gitea-event', 'x-forgejo-event', 'x-gitlab-event', 'x-event-key'] as const
/** knocks that are not heard come from anybody: they are noted no more often than this */
const NOTE_REFUSAL_MS = 2_000

/** A new secret for the webhook; the one before counts no more, and the webhook must prove itself anew. It is answered once, here. */
export async function makeHookSecret(desk: Desk, project: string): Promise<string> {
  const secret = newToken()
  const hookSecretSealed = desk.sealer.seal(new Secret(secret), sealContext(project))
  await transaction(desk.store.db, async (tx) => {
    await holdProject(tx, project, null)
    const before = await settingsOf(tx, project)
    const known = before ?? noSettings(desk, project)
    await saveSettings(tx, { ...known, hookSecretSealed, updatedAt: desk.clock.now() })
    if (before === undefined) await resetState(tx, project)
    else await changeState(tx, project, { hookRefusedAt: null, hookRefusal: null, hookProvedAt: null })
  })
  return secret
}

/** A knock is a hint: the next pass looks at once. False: the secret is wrong, or there is none; which, is not said. */
export async function hearHook(desk: Desk, project: string, call: HookCall): Promise<boolean> {
  const settings = await settingsOf(desk.store.db, project)
  const sealed = settings?.hookSecretSealed ?? null
  // the same work where there is no project or secret, so that the time tells nothing
  const secret = sealed === null ? newToken() : desk.sealer.open(sealed, sealContext(project)).reveal()
  const now = desk.clock.now()
  const known = await knowsSecret(call, secret)
  if (!known || settings === undefined || sealed === null) {
    // not waited for: whether there was something to note must not show in the time of the answer
    void noteRefusal(desk, project, { refusal: refusalOf(call, sealed !== null), now }).catch(() => undefined)
    return false
  }
  await changeState(desk.store.db, project, { hookAt: now, hookEvent: eventOf(call) })
  if (settings.enabled) await knock(desk.store.db, project, now)
  await announce(desk.store.db, project, [])
  return true
}

async function noteRefusal(
  { store }: Desk,
  project: string,
  { refusal, now }: { refusal: string; now: Date }
): Promise<void> {
  const noted = await refuseHook(store.db, project, {
    refusal,
    now,
    unlessSince: new Date(now.getTime() - NOTE_REFUSAL_MS)
  })
  if (noted) await announce(store.db, project, [])
}

/** For the people of the project, who made the secret; whoever knocked is not told. */
function refusalOf({ headers }: HookCall, hasSecret: boolean): string {
  if (!hasSecret) return 'It came before a secret was made here.'
  if (headers[TOKEN] !== undefined) return 'The secret token that it sent is another one.'
  const signature = SIGNATURES.map((name) => headers[name]).find((value) => value !== undefined)
  if (signature === undefined) return 'It carried no signature: the secret is not set at the git host.'
  return 'Its signature does not fit: the secret at the git host is another one.'
}

/** As the host calls it; what is no plain name is left out. */
function eventOf({ headers }: HookCall): string | null {
  const event = EVENTS.map((name) => headers[name]).find((value) => value !== undefined)
  return typeof event === 'string' && /^[\w :.-]{1,60}$/.test(event) ? event : null
}

async function knowsSecret({ body, headers }: HookCall, secret: string): Promise<boolean> {
  const signature = createHmac('sha256', secret)
  for await (const part of body) signature.update(part)
  const expected = `sha256=${signature.digest('hex')}`
  const signed = SIGNATURES.some((name) => equal(String(headers[name] ?? ''), expected))
  return signed || equal(String(headers[TOKEN] ?? ''), secret)
}

/** In constant time, whatever the lengths. */
function equal(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
