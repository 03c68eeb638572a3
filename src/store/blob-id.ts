import { createHash } from 'node:crypto'

/** git's id of a text as a blob: SHA-1 of `blob <bytes>\0<text>` (gitformat-loose). */
export function blobId(text: string): string {
  const bytes = Buffer.from(text)
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
