import { Transform, type TransformCallback } from 'node:stream'
import type { ConnectionToxics, HttpToxic } from '../toxics.ts'
import { rewrite } from './answer.ts'
import { type Framing, HttpFramer } from './framer.ts'
import { maybeRequest, maybeResponse, readRequest, readResponse, requestFraming, responseFraming } from './head.ts'

const OPAQUE: Framing = { kind: 'opaque' }

/**
 * What a pod answers on one connection, with the harm that is done to its HTTP answers. Requests are only looked at, to
 * know which answer is whose. Without harm, and for whatever is not HTTP/1, every byte passes as it came.
 */
export class HttpStream extends Transform {
  readonly #toxics: ConnectionToxics
  readonly #reset: () => void
  readonly #over = new AbortController()
  /** methods of the requests that are not answered yet */
  readonly #asked: string[] = []
  readonly #requests: HttpFramer
  readonly #answers: HttpFramer
  #method = ''
  #dropping = false

  constructor(toxics: ConnectionToxics, reset: () => void) {
    super()
    this.#toxics = toxics
    this.#reset = reset
    this.#requests = new HttpFramer({ plausible: maybeRequest, framingOf: (head) => this.#requestCame(head) })
    this.#answers = new HttpFramer({ plausible: maybeResponse, framingOf: (head) => this.#answerCame(head) })
  }

  /** what the client sends, as it passes */
  see(chunk: Buffer): void {
    if (this.#requests.opaque) return
    for (const _ of this.#requests.read(chunk));
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#answers.opaque) done(null, chunk)
    else
      this.#pass(chunk).then(
        () => done(),
        () => {
          // rather an end that the client sees than a connection that hangs
          if (!this.#over.signal.aborted) this.#reset()
        }
      )
  }

  override _flush(done: TransformCallback): void {
    if (this.#dropping) done()
    else done(null, this.#answers.left())
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#over.abort()
    done(error)
  }

  async #pass(chunk: Buffer): Promise<void> {
    for (const part of this.#answers.read(chunk)) {
      if (part.kind === 'end') this.#dropping = false
      else if (part.kind === 'head') this.push(await this.#harmed(part.bytes))
      else if (part.kind === 'opaque' || !this.#dropping) this.push(part.bytes)
      this.#over.signal.throwIfAborted()
    }
  }

  /** the head as it is to be sent, when it is to be sent */
  async #harmed(bytes: Buffer): Promise<Buffer> {
    const head = readResponse(bytes.toString('latin1'))
    if (head === null || head.status < 200) return bytes
    const drawn = this.#toxics.drawHttp()
    for (const toxic of drawn) await this.#delayed(toxic)
    let sent = bytes
    for (const { id, harm } of drawn) {
      if (harm.kind !== 'answer' || !this.#toxics.has(id)) continue
      const now = readResponse(headOf(sent)) ?? head
      const { bytes: next, dropBody } = rewrite(now, this.#method, harm)
      // what an earlier harm put in place of the body stays, unless it is replaced again
      const body = dropBody ? Buffer.alloc(0) : sent.subarray(headOf(sent).length)
      sent = Buffer.concat([next, body])
      this.#dropping ||= dropBody
    }
    return sent
  }

  async #delayed({ id, harm }: HttpToxic): Promise<void> {
    if (harm.kind === 'answer') return
    await this.#toxics.hold(id, harm.kind === 'delay' ? harm.ms : harm.afterMs, this.#over.signal)
    if (harm.kind !== 'reset' || !this.#toxics.has(id)) return
    throw new Error('the connection is to be reset')
  }

  #requestCame(text: string): Framing {
    const head = readRequest(text)
    if (head === null) return OPAQUE
    this.#asked.push(head.method)
    return requestFraming(head)
  }

  #answerCame(text: string): Framing {
    const head = readResponse(text)
    const [method] = this.#asked
    if (head === null || method === undefined) return OPAQUE
    if (head.status < 200 && head.status !== 101) return { kind: 'none' }
    this.#method = this.#asked.shift() ?? ''
    const framing = responseFraming(head, method)
    if (framing.kind === 'opaque') this.#requests.giveUp()
    return framing
  }
}

function headOf(bytes: Buffer): string {
  return bytes.toString('latin1', 0, bytes.indexOf('\r\n\r\n') + 4)
}
