/** How the body behind a head is delimited. */
export type Framing =
  | { kind: 'none' }
  | { kind: 'length'; left: number }
  | { kind: 'chunked' }
  | { kind: 'until-close' }
  /** this is not what we understand: from here on all passes as it is */
  | { kind: 'opaque' }

/** A stretch of one direction of a connection; all bytes are in exactly one part, in order. */
export type Part = { kind: 'head' | 'body' | 'opaque'; bytes: Buffer } | { kind: 'end' }

export interface FramerOptions {
  /** whether bytes may be the beginning of a head */
  plausible(text: string): boolean
  framingOf(head: string): Framing
}

type State = Framing | { kind: 'head' | 'trailer' } | { kind: 'chunk'; left: number }
interface Step {
  taken: number
  parts: Part[]
}

const LARGEST_HEAD = 64 * 1024
const LONGEST_LINE = 8 * 1024
const HEAD_END = '\r\n\r\n'
const NOTHING = Buffer.alloc(0)

/** Finds the messages in one direction of an HTTP/1.1 connection. What it does not understand it lets through. */
export class HttpFramer {
  readonly #options: FramerOptions
  #state: State = { kind: 'head' }
  #held: Buffer = NOTHING

  constructor(options: FramerOptions) {
    this.#options = options
  }

  get opaque(): boolean {
    return this.#state.kind === 'opaque' && this.#held.length === 0
  }

  giveUp(): void {
    this.#state = { kind: 'opaque' }
  }

  *read(chunk: Buffer): Generator<Part> {
    let rest = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk
    this.#held = NOTHING
    while (rest.length > 0) {
      const step = this.#step(rest)
      if (step === null) {
        this.#held = rest
        return
      }
      rest = rest.subarray(step.taken)
      yield* step.parts
    }
  }

  /** the beginning of a message that never came whole */
  left(): Buffer {
    return this.#held
  }

  /** null = more bytes are needed */
  #step(rest: Buffer): Step | null {
    const state = this.#state
    if (state.kind === 'opaque') return { taken: rest.length, parts: [{ kind: 'opaque', bytes: rest }] }
    if (state.kind === 'head') return this.#head(rest)
    if (state.kind === 'length' || state.kind === 'chunk') return this.#counted(rest, state)
    if (state.kind === 'until-close') return { taken: rest.length, parts: [{ kind: 'body', bytes: rest }] }
    return this.#line(rest)
  }

  #head(rest: Buffer): Step | null {
    const end = rest.indexOf(HEAD_END)
    const text = rest.toString('latin1', 0, end < 0 ? rest.length : end + HEAD_END.length)
    if (!this.#options.plausible(text) || text.length > LARGEST_HEAD) return this.#pass()
    if (end < 0) return null
    const framing = this.#options.framingOf(text)
    if (framing.kind === 'opaque') return this.#pass()
    const head: Part = { kind: 'head', bytes: rest.subarray(0, text.length) }
    const empty = framing.kind === 'none' || (framing.kind === 'length' && framing.left === 0)
    this.#state = empty ? { kind: 'head' } : framing
    return { taken: text.length, parts: empty ? [head, { kind: 'end' }] : [head] }
  }

  #counted(rest: Buffer, state: { kind: 'length' | 'chunk'; left: number }): Step {
    const bytes = rest.subarray(0, state.left)
    const left = state.left - bytes.length
    const over = left === 0 && state.kind === 'length'
    if (left > 0) this.#state = { kind: state.kind, left }
    else this.#state = state.kind === 'chunk' ? { kind: 'chunked' } : { kind: 'head' }
    return { taken: bytes.length, parts: over ? [{ kind: 'body', bytes }, { kind: 'end' }] : [{ kind: 'body', bytes }] }
  }

  /** the size of a chunk, or a line of the trailer */
  #line(rest: Buffer): Step | null {
    const end = rest.indexOf('\n') + 1
    if (end === 0) return rest.length > LONGEST_LINE ? this.#pass() : null
    const bytes = rest.subarray(0, end)
    const line: Part = { kind: 'body', bytes }
    if (this.#state.kind === 'trailer') {
      const last = end === 2 && rest[0] === 13
      if (last) this.#state = { kind: 'head' }
      return { taken: end, parts: last ? [line, { kind: 'end' }] : [line] }
    }
    const [, digits] = /^([0-9a-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r\n$/i.exec(bytes.toString('latin1')) ?? []
    if (digits === undefined) return this.#pass()
    const size = Number.parseInt(digits, 16)
    this.#state = size === 0 ? { kind: 'trailer' } : { kind: 'chunk', left: size + 2 }
    return { taken: end, parts: [line] }
  }

  #pass(): Step {
    this.giveUp()
    return { taken: 0, parts: [] }
  }
}
