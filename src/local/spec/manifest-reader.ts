import { AppError } from '../../platform/index.ts'

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40]
])

/** Reads untrusted JSON step by step and says exactly where it does not fit. */
export class ManifestReader {
  readonly #value: unknown
  readonly path: string
  readonly object: string

  constructor(value: unknown, object: string, path = '') {
    this.#value = value
    this.object = object
    this.path = path
  }

  at(key: string): ManifestReader {
    const inner = isRecord(this.#value) ? this.#value[key] : undefined
    return new ManifestReader(inner, this.object, this.path === '' ? key : `${this.path}.${key}`)
  }

  get missing(): boolean {
    return this.#value === undefined || this.#value === null
  }

  keys(): string[] {
    return isRecord(this.#value) ? Object.keys(this.#value) : []
  }

  items(): ManifestReader[] {
    if (this.missing) return []
    if (!Array.isArray(this.#value)) throw this.error('is not a list')
    return this.#value.map((item, index) => new ManifestReader(item, this.object, `${this.path}[${index}]`))
  }

  text(otherwise?: string): string {
    if (this.missing && otherwise !== undefined) return otherwise
    if (otherwise === '' && this.#value === '') return ''
    return requirePlain(this.#value, () => this.error('is not a text'))
  }

  /** a whole one, as counts and ports are */
  integer(limits: Limits): number {
    const value = this.number(limits)
    if (!Number.isInteger(value)) throw this.error('is not a whole number')
    return value
  }

  number(limits: Limits): number {
    if (this.missing && limits.otherwise !== undefined) return limits.otherwise
    const value = this.#value
    if (typeof value !== 'number' || !Number.isFinite(value) || value < limits.min || value > limits.max) {
      throw this.error(`is not a number from ${limits.min} to ${limits.max}`)
    }
    return value
  }

  /** a Kubernetes quantity: `500Mi`, `2G`, `1073741824`; null = none */
  bytes(): number | null {
    if (this.missing) return null
    const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(String(this.#value)) ?? []
    const factor = UNITS.get(unit)
    if (number === '' || factor === undefined) throw this.error('is not a quantity of bytes, as 500Mi or 2Gi are')
    return Math.ceil(Number(number) * factor)
  }

  texts(): Record<string, string> {
    if (this.missing) return {}
    if (!isRecord(this.#value)) throw this.error('is not a map')
    const entries = Object.entries(this.#value)
    for (const [key, value] of entries)
      if (typeof value !== 'string') throw this.at(key).error('is not a text; put it in quotes')
    return Object.fromEntries(entries) as Record<string, string>
  }

  /** the map as it is; what is none is empty */
  tree(): Readonly<Record<string, unknown>> {
    return isRecord(this.#value) ? this.#value : {}
  }

  raw(): unknown {
    return this.#value
  }

  error(what: string): AppError {
    return new AppError({
      code: 'local/invalid',
      kind: 'invalid',
      message: `${this.object}: ${this.path || 'it'} ${what}.`
    })
  }
}

/** Not empty, and free of NUL: what becomes an argument or a variable of a process must be able to. */
export function requirePlain(value: unknown, error: () => AppError): string {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) throw error()
  return value
}

interface Limits {
  min: number
  max: number
  otherwise?: number
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
