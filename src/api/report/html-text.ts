/** A piece of HTML that is safe to put into another. Made by `html` alone. */
export class HtmlText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Value = string | number | HtmlText | readonly HtmlText[] | null

/** Every value is text, in contents and in quoted attributes, unless it is HTML of this function already. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): HtmlText {
  return new HtmlText(
    parts.map((part, index) => part + (index < values.length ? safe(values[index] ?? null) : '')).join('')
  )
}

function safe(value: Value): string {
  if (value === null) return ''
  if (value instanceof HtmlText) return value.text
  if (typeof value === 'object') return value.map(({ text }) => text).join('')
  return escaped(String(value))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}
/** of no use in a text but to deceive: control characters, and those that turn the direction of what follows */
const DECEITFUL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFEFF]/g

function escaped(text: string): string {
  return text.replace(DECEITFUL, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
