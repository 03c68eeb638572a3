/**
 * JSON that PostgreSQL takes whatever the text holds: NUL and half surrogates, which jsonb refuses, become U+FFFD.
 * One odd character in a process's log must not make an agent's report undeliverable for ever.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'string' ? item.toWellFormed().replaceAll('\0', '\ufffd') : item
  )
}
