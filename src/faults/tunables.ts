import type { FaultSchema, Problem, TunableSchema } from '../domain/index.ts'

const HEADER_NAME = /^[!#$%&'*+.^_`|~A-Za-z0-9-]+$/
const HEADER_VALUE = /^[\t\x20-\x7e]*$/
const DELIMITING = ['content-length', 'transfer-encoding', 'connection', 'upgrade', 'trailer']

/** Litmus' tunables as written, read by a schema: an empty value means the default, a wrong one is a problem. */
export class Tunables {
  readonly problems: Problem[] = []
  readonly #fault: string
  readonly #schemas: ReadonlyMap<string, TunableSchema>
  readonly #values: Readonly<Record<string, string>>

  constructor(schema: FaultSchema, values: Readonly<Record<string, string>>) {
    this.#fault = schema.name
    this.#schemas = new Map(schema.tunables.map((tunable) => [tunable.name, tunable]))
    this.#values = values
  }

  number(name: string): number {
    const { text, schema } = this.#read(name)
    const number = Number(text)
    const whole = schema?.type !== 'number'
    if (!/^\d+(\.\d+)?$/.test(text) || (whole && !Number.isInteger(number)))
      return this.#bad(name, `"${text}" is not a ${whole ? 'whole ' : ''}number`)
    if (schema?.min !== undefined && number < schema.min) return this.#bad(name, `${text} is less than ${schema.min}`)
    if (schema?.max !== undefined && number > schema.max) return this.#bad(name, `${text} is more than ${schema.max}`)
    return number
  }

  /** a duration in seconds as ms */
  seconds(name: string): number {
    return this.number(name) * 1000
  }

  /** a number with a unit, as the reader understands it */
  quantity(name: string, read: (text: string) => number | null): number {
    const { text } = this.#read(name)
    return read(text) ?? this.#bad(name, `"${text}" is not a quantity that is known here`)
  }

  /** as written, not trimmed beyond its ends */
  text(name: string): string {
    return this.#read(name).text
  }

  /** one of the choices of the schema */
  requireChoice(name: string): void {
    const { text, schema } = this.#read(name)
    const choices = schema?.choices ?? []
    if (!choices.includes(text)) this.#bad(name, `"${text}" is none of ${choices.join(', ')}`)
  }

  headerValue(name: string): string {
    const { text } = this.#read(name)
    if (!HEADER_VALUE.test(text)) this.#bad(name, 'has characters that no header may have')
    return text
  }

  /** a JSON object of headers; those by which a message is delimited are not for changing */
  headers(name: string): Record<string, string> {
    const { text } = this.#read(name)
    const value = jsonObject(text)
    if (value === null) {
      this.#bad(name, `"${text}" is not a JSON object of texts`)
      return {}
    }
    for (const [header, content] of Object.entries(value)) {
      if (!HEADER_NAME.test(header) || !HEADER_VALUE.test(content)) this.#bad(name, `"${header}" is no header`)
      if (DELIMITING.includes(header.toLowerCase())) this.#bad(name, `${header} cannot be changed`)
    }
    return value
  }

  flag(name: string): boolean {
    const text = this.#read(name).text.toLowerCase()
    if (text !== 'true' && text !== 'false') this.#bad(name, `"${text}" is neither true nor false`)
    return text === 'true'
  }

  choice<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const { text } = this.#read(name)
    const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase())
    if (found === undefined) this.#bad(name, `"${text}" is none of ${choices.join(', ')}`)
    return found
  }

  list(name: string): string[] {
    return this.#read(name)
      .text.split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  }

  /** would narrow or change the harm in a way that is not supported: better refused than silently without effect */
  refuseIfSet(names: readonly string[]): void {
    for (const name of names) {
      const { text, schema } = this.#read(name)
      if (text !== '' && text !== schema?.default) this.#bad(name, 'is not supported yet: leave it empty')
    }
  }

  #read(name: string): { text: string; schema: TunableSchema | undefined } {
    const schema = this.#schemas.get(name)
    const written = (this.#values[name] ?? '').trim()
    return { text: written === '' ? (schema?.default ?? '') : written, schema }
  }

  #bad(name: string, what: string): number {
    const message = `${this.#fault}: ${name} ${what}`
    this.problems.push({ code: 'faults/bad-tunable', message, severity: 'error', path: name })
    return 0
  }
}

/** null = it is none, or one of its values is no text */
function jsonObject(text: string): Record<string, string> | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return Object.values(value).every((one) => typeof one === 'string') ? (value as Record<string, string>) : null
  } catch {
    return null
  }
}
