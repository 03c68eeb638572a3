import type { Server } from 'node:http'

/** what is under way when the server is told to end may take so long, then it is cut off */
const GRACE_MS = 3_000
const LOOK_EVERY_MS = 50

/** `begin` when the server is about to close: whoever waits for news is answered, and no kept connection holds it up. */
export class Closing {
  readonly #begun = new AbortController()

  /** for what waits until something happens */
  get signal(): AbortSignal {
    return this.#begun.signal
  }

  begin(server: Server): void {
    this.#begun.abort()
    // a connection becomes idle when its answer is sent, which is after the server has closed the idle ones
    const tidy = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS)
    const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS)
    server.once('close', () => {
      clearInterval(tidy)
      clearTimeout(cut)
    })
  }
}
