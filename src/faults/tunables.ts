import { type FaultSchema, type Problem, readTunable, type TunableValue } from '../domain/index.ts'

/** Litmus' tunables as written, judged by a schema; what is read of them counts only where there are no problems. */
export class Tunables {
  readonly problems: readonly Problem[]
  readonly #values = new Map<string, TunableValue>()

  constructor(schema: FaultSchema, written: Readonly<Record<string, string>>) {
    this.problems = schema.tunables.flatMap((tunable) => {
      const reading = readTunable(tunable, written[tunable.name] ?? '')
      if (!reading.ok) return [problem(schema.name, tunable.name, reading.reason)]
      this.#values.set(tunable.name, reading.value)
      return []
    })
  }

  number(name: string): number {
    const value = this.#values.get(name)
    return typeof value === 'number' ? value : 0
  }

  /** a duration in seconds as ms */
  seconds(name: string): number {
    return this.number(name) * 1000
  }

  text(name: string): string {
    const value = this.#values.get(name)
    return typeof value === 'string' ? value : ''
  }

  flag(name: string): boolean {
    return this.#values.get(name) === true
  }

  list(name: string): readonly string[] {
    const value = this.#values.get(name)
    return Array.isArray(value) ? value : []
  }

  map(name: string): Readonly<Record<string, string>> {
    const value = this.#values.get(name)
    return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, string>) : {}
  }
}

function problem(fault: string, name: string, reason: string): Problem {
  return { code: 'faults/bad-tunable', message: `${fault}: ${name} ${reason}`, severity: 'error', path: name }
}
