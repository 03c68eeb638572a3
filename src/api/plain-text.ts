import { AppError } from '../platform/index.ts'

/**
 * Texts that PostgreSQL takes: a NUL, or half of a surrogate pair, can be neither stored nor looked for. It is refused
 * before anything is done with it, in values and in keys, however deep.
 */
export function requirePlainText(value: unknown): void {
  const waiting = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next === 'string' && !isPlain(next)) throw notPlain()
    if (typeof next !== 'object' || next === null) continue
    for (const [key, inner] of Object.entries(next)) waiting.push(key, inner)
  }
}

function isPlain(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function notPlain(): AppError {
  const message = 'The request has a NUL character, or half a Unicode character, which no text may hold.'
  return new AppError({ code: 'api/bad-text', kind: 'invalid', message })
}
