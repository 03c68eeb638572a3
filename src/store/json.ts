/**
 * JSON that PostgreSQL takes whatever the text holds: NUL and half surrogates, which jsonb refuses, become U+FFFD, in
 * values and in keys. One odd character in a process's log must not make an agent's report undeliverable for ever.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(ESCAPES, (sign) => (REFUSED.test(sign) ? '\ufffd' : sign))
}

/** one after the other, so that a backslash that is escaped itself begins none */
const ESCAPES = /\\(?:u[\da-f]{4}|.)/g
/** JSON.stringify escapes a surrogate only where its other half is missing */
const REFUSED = /^\\u(?:0000|d[89a-f])/
