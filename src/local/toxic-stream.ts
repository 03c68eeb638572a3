import { Transform, type TransformCallback } from 'node:stream'
import type { ConnectionToxics } from './toxics.ts'

/** what may be on its way at once: with less a latency would be a limit of the rate as well */
const IN_FLIGHT_BYTES = 4 * 1024 * 1024

/**
 * What a pod answers on one connection, held back as its toxics say. They are asked for every chunk, so a fault acts on
 * open connections too; none is lost or reordered, since the next chunk is let go only when this one has passed. Each is
 * held from the moment when it came, so that a latency is felt once and not by every chunk of an answer in turn.
 */
export class ToxicStream extends Transform {
  readonly #toxics: ConnectionToxics
  readonly #over = new AbortController()
  /** when each of the chunks came that are still in here, in ms */
  readonly #came: number[] = []

  constructor(toxics: ConnectionToxics) {
    super({ writableHighWaterMark: IN_FLIGHT_BYTES })
    this.#toxics = toxics
    // before the listener that writes it here
    this.on('pipe', (source) => source.prependListener('data', () => this.#came.push(performance.now())))
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const came = this.#came.shift() ?? performance.now()
    if (!this.#toxics.touched) done(null, chunk)
    else
      this.#pass(chunk, came).then(
        () => done(),
        () => undefined
      )
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#over.abort()
    done(error)
  }

  async #pass(chunk: Buffer, came: number): Promise<void> {
    for (let rest = chunk; rest.length > 0; ) {
      const piece = rest.subarray(0, this.#toxics.pieceBytes)
      await this.#toxics.pass({ bytes: piece.length, came }, this.#over.signal)
      this.push(piece)
      rest = rest.subarray(piece.length)
    }
  }
}
