import { createHash, randomInt } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { AppError, Secret } from '../platform/index.ts'

const MIN_PASSWORD = 12
const MAX_PASSWORD = 1000

/** argon2id with the cost that OWASP names first: 19 MiB, two passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** No letters that look like others. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

export async function hashPassword(password: Secret): Promise<string> {
  return hash(password.reveal(), COST)
}

/** Takes as long for a user that does not exist (`passwordHash` null): time tells nobody which logins there are. */
export async function isPassword(password: Secret, passwordHash: string | null): Promise<boolean> {
  if (passwordHash === null) {
    await hashPassword(password)
    return false
  }
  return verify(passwordHash, password.reveal())
}

/** Four groups of five that a person can type: 99 bits. */
export function newPassword(): Secret {
  const group = () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return new Secret([group(), group(), group(), group()].join('-'))
}

/** Rejects with `accounts/weak-password`. */
export function assertStrong(password: Secret): void {
  const { length } = password.reveal()
  if (length >= MIN_PASSWORD && length <= MAX_PASSWORD) return
  throw new AppError({
    code: 'accounts/weak-password',
    kind: 'invalid',
    message: `A password needs at least ${MIN_PASSWORD} characters.`
  })
}

/** How tokens of 256 random bits are stored: a fast hash is enough, nobody guesses them. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
