import type { FaultSchema, Problem, TunableSchema } from '../domain/index.ts'

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
