import {
  type Ending,
  endReason,
  type FactBody,
  finalRunPhase,
  guardrailProblems,
  nextMoves,
  type PlanStep,
  type RunPhase,
  type StepState
} from '../domain/index.ts'
import { stoppedEnd } from './fault-step.ts'
import { clip, type EngineParts } from './parts.ts'
import { type EngineTask, type RunContext, stopReasonOf } from './run-engine.ts'
import { attemptStep } from './step-attempts.ts'
import { lateAfter } from './within.ts'

/** Executes one run: whatever may start starts, until every step is final. */
export function executeRun(parts: EngineParts, task: EngineTask, context: RunContext): Promise<RunPhase> {
  return new RunUnderWay(parts, task, context).execute()
}

class RunUnderWay {
  readonly #parts: EngineParts
  readonly #task: EngineTask
  readonly #context: RunContext
  readonly #states: Record<string, StepState> = {}
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #over = new AbortController()
  /** ends the steps, and lets the exit handler begin */
  readonly #late: AbortSignal
  /** ends the exit handler, which has the run's deadline for itself once more */
  #exitLate: AbortSignal | undefined
  #refusal = ''
  #told: RunPhase = 'running'
  /** steps were left out because of a stop or the deadline */
  #cutShort = false

  constructor(parts: EngineParts, task: EngineTask, context: RunContext) {
    this.#parts = parts
    this.#task = task
    this.#context = context
    this.#late = this.#deadline()
  }

  async execute(): Promise<RunPhase> {
    const { plan, guardrails } = this.#task
    const problems = guardrailProblems(plan, guardrails)
    this.#refusal = problems.map(({ message }) => message).join('; ')
    this.#emit({ type: 'run-phase', phase: 'running', reason: null })
    const ending = AbortSignal.any([this.#context.signal, this.#late])
    const tellStopping = () => this.#emit(stopping(ending))
    ending.addEventListener('abort', tellStopping, { once: true, signal: this.#over.signal })
    if (ending.aborted) tellStopping()
    await this.#stepByStep()
    this.#over.abort()
    const phase = this.#endPhase()
    const reason = this.#refusal || (phase === 'completed' ? null : this.#endReason(phase))
    this.#emit({ type: 'run-phase', phase, reason: reason && clip(reason, 2000) })
    return phase
  }

  async #stepByStep(): Promise<void> {
    for (;;) {
      const ending = this.#ending()
      const { start, skip, done } = nextMoves(this.#task.plan, this.#states, ending)
      if (done) return
      for (const { step, reason, omitted } of skip) {
        this.#states[step.id] = { phase: 'skipped', reason, omitted }
        this.#cutShort ||= ending !== 'none'
        this.#emit({ type: 'step-phase', step: step.id, phase: 'skipped', reason: reason && clip(reason, 2000) })
      }
      for (const step of start) this.#start(step)
      if (skip.length > 0 && start.length === 0) continue
      if (this.#underWay.size === 0) return
      this.#tellWaiting()
      await Promise.race(this.#underWay.values())
    }
  }

  #start(step: PlanStep): void {
    this.#states[step.id] = { phase: step.action.kind === 'approval' ? 'waiting' : 'running' }
    if (step.exit === true) this.#exitLate ??= this.#deadline()
    const { signal, approvals, emit } = this.#context
    const late = step.exit === true ? this.#exitLate : this.#late
    const signals = late === undefined ? [signal] : [signal, late]
    const order = { task: this.#task, step, signal: AbortSignal.any(signals), emit, approvals }
    const ended = attemptStep(this.#parts, order).then((end) => {
      this.#states[step.id] = end
      this.#underWay.delete(step.id)
    })
    this.#underWay.set(step.id, ended)
  }

  /** the run waits while all that is under way waits for a person */
  #tellWaiting(): void {
    const waits = [...this.#underWay.keys()].every((id) => this.#states[id]?.phase === 'waiting')
    const phase = waits ? 'waiting' : 'running'
    if (phase === this.#told || this.#ending() !== 'none') return
    this.#told = phase
    this.#emit({ type: 'run-phase', phase, reason: null })
  }

  #ending(): Ending {
    if (this.#refusal !== '' || this.#context.signal.aborted || this.#exitLate?.aborted) return 'everything'
    return this.#late.aborted ? 'steps' : 'none'
  }

  #deadline(): AbortSignal {
    const seconds = this.#task.plan.deadlineSeconds
    if (seconds === null) return new AbortController().signal
    const what = { clock: this.#parts.clock, ms: seconds * 1000, over: this.#over.signal }
    return lateAfter({ ...what, text: `the run took longer than ${seconds} s` })
  }

  #endPhase(): RunPhase {
    if (this.#refusal !== '') return 'error'
    const phase = finalRunPhase(this.#task.plan, this.#states)
    if (phase !== 'completed' || !this.#cutShort) return phase
    return stoppedEnd(this.#endingSignal()).phase as RunPhase
  }

  #endReason(phase: RunPhase): string | null {
    const signal = this.#endingSignal()
    return signal.aborted ? stopReasonOf(signal).text : endReason(this.#task.plan, this.#states, phase)
  }

  #endingSignal(): AbortSignal {
    const { signal } = this.#context
    return [signal, this.#late, this.#exitLate].find((one) => one?.aborted) ?? signal
  }

  #emit(fact: FactBody): void {
    this.#context.emit(fact)
  }
}

function stopping(signal: AbortSignal) {
  return { type: 'run-phase', phase: 'stopping', reason: clip(stopReasonOf(signal).text, 2000) } as const
}
