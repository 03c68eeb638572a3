import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { AppError } from './app-error.ts'
import { Secret } from './secret.ts'

export interface Sealer {
  /** `context` says what the secret belongs to: it opens with the same context only, so it cannot be moved elsewhere */
  seal(secret: Secret, context: string): Buffer
  /** rejects with `platform/cannot-unseal` when the key is another one, or the bytes or context were changed */
  open(sealed: Buffer, context: string): Secret
}

/** Envelope: version, key id, nonce, ciphertext, tag. The key id tells which key to open it with after a rotation. */
const VERSION = 1
const KEY_BYTES = 32
const KEY_ID_BYTES = 4
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + KEY_ID_BYTES
const CIPHER = 'aes-256-gcm'

/** Seals with `key` (32 bytes as base64), opens also what one of the `older` keys sealed. Throws on a key of another size. */
export function createSealer(key: Secret, older: readonly Secret[] = []): Sealer {
  const current = decode(key)
  const keys = new Map([...older.map(decode), current].map((known) => [known.id.toString('hex'), known]))
  return {
    seal: (secret, context) => seal(current, secret, context),
    open: (sealed, context) => {
      const id = sealed.subarray(1, HEADER_BYTES).toString('hex')
      const found = keys.get(id)
      if (sealed[0] !== VERSION || found === undefined) throw cannotUnseal('it was sealed with another key')
      return unseal(found, sealed, context)
    }
  }
}

/** Made once: a cipher takes it as it is, which bytes would have to become each time. */
interface Key {
  id: Buffer
  object: KeyObject
}

function seal({ id, object }: Key, secret: Secret, context: string): Buffer {
  const header = Buffer.concat([Buffer.of(VERSION), id])
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, object, nonce).setAAD(Buffer.concat([header, Buffer.from(context)]))
  const text = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()])
  return Buffer.concat([header, nonce, text, cipher.getAuthTag()])
}

function unseal({ object }: Key, sealed: Buffer, context: string): Secret {
  if (sealed.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES) throw cannotUnseal('it is cut off')
  const header = sealed.subarray(0, HEADER_BYTES)
  const nonce = sealed.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES)
  const text = sealed.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES)
  const decipher = createDecipheriv(CIPHER, object, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.concat([header, Buffer.from(context)]))
    .setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return new Secret(Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8'))
  } catch (cause) {
    throw cannotUnseal('it was changed, or belongs to something else', cause)
  }
}

function keyId(key: Buffer): Buffer {
  return createHash('sha256').update('faultline key id').update(key).digest().subarray(0, KEY_ID_BYTES)
}

function decode(key: Secret): Key {
  const bytes = Buffer.from(key.reveal(), 'base64')
  if (bytes.length === KEY_BYTES) return { id: keyId(bytes), object: createSecretKey(bytes) }
  throw new AppError({
    code: 'platform/bad-key',
    kind: 'invalid',
    message: `A secret key must be ${KEY_BYTES} bytes as base64. Make one with: openssl rand -base64 ${KEY_BYTES}`
  })
}

function cannotUnseal(reason: string, cause?: unknown): AppError {
  return new AppError({
    code: 'platform/cannot-unseal',
    kind: 'stalled',
    message: `A stored credential cannot be read: ${reason}. Put the earlier secret key back, or enter the credential again.`,
    cause
  })
}
