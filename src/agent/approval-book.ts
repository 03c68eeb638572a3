import type { Approval } from '../domain/index.ts'
import type { Approvals } from '../engine/index.ts'

/** What the server told of people's words to one run. It is told again and again; each counts once. */
export class ApprovalBook implements Approvals {
  readonly #known = new Map<string, Approval>()
  readonly #waiting = new Map<string, (approval: Approval) => void>()

  tell(approvals: readonly Approval[]): void {
    for (const approval of approvals) {
      this.#known.set(approval.step, approval)
      this.#waiting.get(approval.step)?.(approval)
    }
  }

  async wait(step: string, signal: AbortSignal): Promise<Approval | null> {
    const known = this.#known.get(step)
    if (known !== undefined || signal.aborted) return known ?? null
    const settled = new AbortController()
    const answer = await new Promise<Approval | null>((resolve) => {
      this.#waiting.set(step, resolve)
      signal.addEventListener('abort', () => resolve(null), { once: true, signal: settled.signal })
    })
    settled.abort()
    this.#waiting.delete(step)
    return answer
  }
}
