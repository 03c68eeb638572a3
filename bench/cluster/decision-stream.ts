import type { CreatedToken, StreamEvent } from '../../src/contract/index.ts'
import type { BenchServer } from '../bench-server.ts'

/** When the server told that decisions about workload changes were stored: its stream tells right after the commit. */
export class DecisionStream {
  readonly #times: number[] = []
  readonly #ended = new AbortController()
  #wake: () => void = () => undefined

  static async open({ api, url }: BenchServer, project: string): Promise<DecisionStream> {
    const { secret } = await api.post<CreatedToken>('/tokens', { name: `bench ${Date.now()}`, scopes: ['read'] })
    const stream = new DecisionStream()
    const answer = await fetch(new URL(`/api/v1/stream?project=${project}`, url), {
      headers: { authorization: `Bearer ${secret}` },
      signal: stream.#ended.signal
    })
    if (!answer.ok || answer.body === null) throw new Error(`the stream answered ${answer.status}`)
    void stream.#read(answer.body).catch(() => undefined)
    return stream
  }

  get count(): number {
    return this.#times.length
  }

  /** The moment (of `performance.now()`) of the decision number `count`, counted from the opening. */
  async at(count: number): Promise<number> {
    while (this.#times.length < count) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.#times[count - 1] ?? Number.NaN
  }

  close(): void {
    this.#ended.abort()
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = ''
    for await (const chunk of body) {
      const now = performance.now()
      const lines = (rest + Buffer.from(chunk).toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (!line.startsWith('data: {"')) continue
        if ((JSON.parse(line.slice('data: '.length)) as StreamEvent).topic === 'changes') this.#times.push(now)
      }
      this.#wake()
    }
  }
}
