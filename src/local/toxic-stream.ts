import { Transform, type TransformCallback } from 'node:stream'
import type { ConnectionToxics } from './toxics.ts'

/**
 * What a pod answers on one connection, held back as its toxics say. They are asked for every chunk, so a fault acts on
 * open connections too; none is lost or reordered, since the next chunk is taken only when this one has passed.
 */
export class ToxicStream extends Transform {
  readonly #toxics: ConnectionToxics
  readonly #over = new AbortController()

  constructor(toxics: ConnectionToxics) {
    super()
    this.#toxics = toxics
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.#toxics.touched) done(null, chunk)
    else
      this.#pass(chunk).then(
        () => done(),
        () => undefined
      )
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#over.abort()
    done(error)
  }

  async #pass(chunk: Buffer): Promise<void> {
    for (let rest = chunk; rest.length > 0; ) {
      const piece = rest.subarray(0, this.#toxics.pieceBytes)
      await this.#toxics.pass(piece.length, this.#over.signal)
      this.push(piece)
      rest = rest.subarray(piece.length)
    }
  }
}
