import { Transform, type TransformCallback } from 'node:stream'

/** How long the next chunk is held back, in ms. Asked for every chunk, so a fault acts on open connections too. */
export type DelayNow = () => number

/** Holds data back; none is lost or reordered, since the next chunk is taken only when this one has passed. */
export class ToxicStream extends Transform {
  readonly #delay: DelayNow
  #timer: NodeJS.Timeout | undefined

  constructor(delay: DelayNow) {
    super()
    this.#delay = delay
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const ms = this.#delay()
    if (ms <= 0) done(null, chunk)
    else this.#timer = setTimeout(() => done(null, chunk), ms)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer)
    done(error)
  }
}
