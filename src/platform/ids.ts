import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** A new id: sortable by time, 26 characters (48 bits of time, 80 random bits), as ULID does, in lower case. */
export function newId(now: Date = new Date()): string {
  return encode(BigInt(now.getTime()), 10) + encode(BigInt(`0x${randomBytes(10).toString('hex')}`), 16)
}

const ID = new RegExp(`^[${ALPHABET}]{26}$`)

/** Whether a text has the form of an id; not whether anything has it. */
export function isId(text: string): boolean {
  return ID.test(text)
}

/** No id that is made at this time or later sorts before it. */
export function firstIdAt(time: Date): string {
  const most = 2 ** 50 - 1
  return encode(BigInt(Math.min(most, Math.max(0, time.getTime()))), 10) + ALPHABET.charAt(0).repeat(16)
}

/** A random token of 256 bits for URLs and headers. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

function encode(value: bigint, length: number): string {
  let rest = value
  let text = ''
  for (let i = 0; i < length; i++) {
    text = ALPHABET[Number(rest & 31n)] + text
    rest >>= 5n
  }
  return text
}
