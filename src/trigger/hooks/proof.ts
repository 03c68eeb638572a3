import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { HookKind } from '../../domain/index.ts'
import { newToken, type Sealer, Secret } from '../../platform/index.ts'
import type { HookRow } from '../../store/index.ts'

export type HookHeaders = Readonly<Record<string, string | string[] | undefined>>
type Proof = Pick<HookRow, 'secretHash' | 'secretSealed'>

/** `X-Signature: sha256=<hex>` of the body: Flux' `generic-hmac`. The others send the token itself. */
const SIGNS: Record<HookKind, boolean> = { flux: true, 'argo-cd': false, alertmanager: false, cloudevents: false }

/** A new secret for a hook: shown once, and kept as its check needs it. */
export function newProof(sealer: Sealer, { id, kind }: { id: string; kind: HookKind }): { secret: string } & Proof {
  const secret = newToken()
  if (!SIGNS[kind]) return { secret, secretHash: sha256(secret).toString('hex'), secretSealed: null }
  return { secret, secretHash: null, secretSealed: sealer.seal(new Secret(secret), sealContext(id)) }
}

export function sealContext(hook: string): string {
  return `hook:${hook}`
}

/** In constant time, and the same work where there is no such hook. */
export function knowsSecret(
  hook: HookRow | undefined,
  { headers, body }: { headers: HookHeaders; body: Buffer },
  sealer: Sealer
): boolean {
  const signature = `sha256=${createHmac('sha256', keyOf(hook, sealer)).update(body).digest('hex')}`
  const signed = timingSafeEqual(sha256(String(headers['x-signature'] ?? '')), sha256(signature))
  const expected = Buffer.from(hook?.secretHash ?? sha256(newToken()).toString('hex'), 'hex')
  const known = timingSafeEqual(sha256(tokenOf(headers)), expected)
  return hook?.secretSealed ? signed : known
}

/** One that no secret key opens any more is a key that nobody knows: callers must not learn of it. */
function keyOf(hook: HookRow | undefined, sealer: Sealer): string {
  if (!hook?.secretSealed) return newToken()
  try {
    return sealer.open(hook.secretSealed, sealContext(hook.id)).reveal()
  } catch {
    return newToken()
  }
}

/** For the people of the project; whoever called is not told. */
export function refusalOf({ secretSealed }: Proof, headers: HookHeaders): string {
  if (secretSealed !== null)
    return headers['x-signature'] === undefined
      ? 'It carried no X-Signature: use the provider type generic-hmac.'
      : 'Its signature does not fit: the secret at the sender is another one. A new secret mends it.'
  return tokenOf(headers) === ''
    ? 'It carried no "Authorization: Bearer" header.'
    : 'The token that it sent is another one.'
}

function tokenOf({ authorization }: HookHeaders): string {
  return /^Bearer (\S{1,200})$/i.exec(String(authorization ?? ''))?.[1] ?? ''
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
