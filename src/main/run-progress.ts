import type { Run } from '../contract/index.ts'
import { isFinal } from '../domain/index.ts'

/** Where progress goes: a line that rewrites itself on a terminal, a line for each change in a log. */
export interface Screen {
  isTerminal: boolean
  write(text: string): void
}

/** Tells what has changed since the run was last shown. */
export class RunProgress {
  readonly #screen: Screen
  readonly #shown = new Map<string, string>()

  constructor(screen: Screen) {
    this.#screen = screen
  }

  show(run: Run): void {
    if (!isFinal(run.phase)) this.tell('run', run.phase)
    for (const { step, phase, verdict } of run.steps) {
      if (phase === 'queued') continue
      this.tell(`step ${step}`, phase === 'completed' ? `completed, ${verdict}` : phase)
    }
    if (isFinal(run.phase)) this.tell('run', run.phase)
    else if (this.#screen.isTerminal) this.#screen.write(`${CLEAR}${run.phase}, ${secondsOf(run)} s`)
  }

  say(text: string): void {
    this.#screen.write(this.#screen.isTerminal ? `${CLEAR}${text}\n` : `${text}\n`)
  }

  /** the line that rewrites itself goes away */
  end(): void {
    if (this.#screen.isTerminal) this.#screen.write(CLEAR)
  }

  /** says it, unless it was the last word about this */
  tell(what: string, now: string): void {
    if (this.#shown.get(what) === now) return
    this.#shown.set(what, now)
    this.say(`${what}: ${now}`)
  }
}

const CLEAR = '\r\u001b[2K'

function secondsOf({ startedAt, createdAt }: Run): number {
  return Math.max(0, Math.round((Date.now() - Date.parse(startedAt ?? createdAt)) / 1000))
}
