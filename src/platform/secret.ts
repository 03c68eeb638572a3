import { inspect } from 'node:util'

const MASK = '[secret]'

/** A value that never prints: logs, JSON, templates and the inspector all see `[secret]`. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** the value itself, for the one place that hands it to its owner */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  [inspect.custom](): string {
    return MASK
  }
}

/** Replaces known secret values in foreign text (git's stderr, HTTP bodies) before it is shown or logged. */
export class Redactor {
  readonly #values = new Map<string, number>()

  /** Values shorter than 4 characters are not tracked: masking them would shred every text. Returns how to stop. */
  track(secret: Secret): () => void {
    const forms = encodings(secret.reveal())
    for (const form of forms) this.#values.set(form, (this.#values.get(form) ?? 0) + 1)
    return () => {
      for (const form of forms) this.#release(form)
    }
  }

  redact(text: string): string {
    let clean = text
    for (const value of this.#values.keys()) clean = clean.replaceAll(value, MASK)
    return clean
  }

  #release(form: string): void {
    const left = (this.#values.get(form) ?? 0) - 1
    if (left > 0) this.#values.set(form, left)
    else this.#values.delete(form)
  }
}

function encodings(value: string): string[] {
  if (value.length < 4) return []
  const uri = encodeURIComponent(value.toWellFormed())
  const lower = uri.replace(/%[\dA-F]{2}/g, (escaped) => escaped.toLowerCase())
  const base64 = Buffer.from(value).toString('base64')
  const base64url = Buffer.from(value).toString('base64url')
  const json = JSON.stringify(value).slice(1, -1)
  // with its padding first: without it, it would leave the padding behind
  return [...new Set([value, json, uri, lower, base64, base64.replace(/=+$/, ''), base64url])]
}
