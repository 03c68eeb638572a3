import type { Engine, Problem } from '../domain/index.ts'

/** Where problems go: it knows the line of every path. */
export interface ProblemSink {
  problems: Problem[]
  /** that is to execute the file; null: it is only judged, whatever will */
  engine: Engine | null
  place(path: readonly (string | number)[]): { line: number; column: number }
}

type Severity = Problem['severity']

/** Reads a parsed document step by step and collects what does not fit, with its place; it never throws. */
export class NodeReader {
  readonly value: unknown
  readonly path: readonly (string | number)[]
  readonly #sink: ProblemSink

  constructor(value: unknown, sink: ProblemSink, path: readonly (string | number)[] = []) {
    this.value = value
    this.path = path
    this.#sink = sink
  }

  at(key: string | number): NodeReader {
    const { value } = this
    const inner =
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined
    return new NodeReader(inner, this.#sink, [...this.path, key])
  }

  get engine(): Engine | null {
    return this.#sink.engine
  }

  get missing(): boolean {
    return this.value === undefined || this.value === null
  }

  get isMap(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value)
  }

  keys(): string[] {
    return this.isMap ? Object.keys(this.value as object) : []
  }

  items(): NodeReader[] {
    if (this.missing) return []
    if (Array.isArray(this.value)) return this.value.map((_, index) => this.at(index))
    this.problem('manifest/invalid', 'This must be a list.')
    return []
  }

  /** a text, number or boolean as text; undefined with a problem for anything else, without one where it is missing */
  text(): string | undefined {
    if (this.missing) return undefined
    if (['string', 'number', 'boolean'].includes(typeof this.value)) return String(this.value)
    this.problem('manifest/invalid', 'This must be a text.')
    return undefined
  }

  required(what: string): string | undefined {
    const text = this.text()
    if (text !== undefined && text !== '') return text
    if (this.missing || text === '') this.problem('manifest/missing', `${what} is missing.`)
    return undefined
  }

  texts(): Record<string, string> {
    if (this.missing) return {}
    if (!this.isMap) this.problem('manifest/invalid', 'This must be a map.')
    return Object.fromEntries(this.keys().map((key) => [key, this.at(key).text() ?? '']))
  }

  /** Something that Argo Workflows does and the built-in engine does not: refused at a run of that, and else warned of. */
  beyond(code: string, message: string): void {
    const { engine } = this.#sink
    if (engine !== 'argo') this.problem(code, message, engine === null ? 'warning' : 'error')
  }

  problem(code: string, message: string, severity: Severity = 'error'): void {
    this.#sink.problems.push({
      code,
      message: shortened(message),
      severity,
      ...this.#sink.place(this.path),
      path: pathText(this.path)
    })
  }
}

/** `spec.templates[1].inputs` */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    ''
  )
}

/** A file's own words may be as long as the file; what is said of them stands at the end. */
function shortened(message: string): string {
  return message.length <= 600 ? message : `${message.slice(0, 300)} … ${message.slice(-200)}`
}
