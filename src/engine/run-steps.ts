import {
  finalRunPhase,
  guardrailProblems,
  nextMoves,
  type PlanStep,
  type RunPhase,
  type StepPhase
} from '../domain/index.ts'
import { toAppError } from '../platform/index.ts'
import { runFaultStep, type StepEnd, stoppedEnd } from './fault-step.ts'
import { clip, type EngineParts, type Scene, tell } from './parts.ts'
import { type EngineTask, type RunContext, stopReasonOf } from './run-engine.ts'
import { pause } from './within.ts'

/** Executes one run: whatever may start starts, until every step is final. */
export async function executeRun(parts: EngineParts, task: EngineTask, context: RunContext): Promise<RunPhase> {
  const { emit } = context
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, deadlineOf(parts, task, over.signal)])
  const refusal = guardrailProblems(task.plan, task.guardrails)
    .map(({ message }) => message)
    .join('; ')
  emit({ type: 'run-phase', phase: 'running', reason: null })
  signal.addEventListener('abort', () => emit(stopping(signal)), { once: true, signal: over.signal })
  if (signal.aborted) emit(stopping(signal))
  const phases = await stepByStep({ parts, task, signal, emit }, refusal !== '')
  over.abort()
  const phase = refusal !== '' ? 'error' : endOfRun(task, phases, signal)
  const reason = refusal !== '' ? refusal : phase === 'completed' ? null : reasonOf(signal)
  emit({ type: 'run-phase', phase, reason: reason && clip(reason, 2000) })
  return phase
}

type RunScene = Omit<Scene, 'step'>
type Phases = Record<string, StepPhase>

async function stepByStep(scene: RunScene, refused: boolean): Promise<Phases> {
  const phases: Phases = {}
  const underWay = new Map<string, Promise<void>>()
  for (;;) {
    const { start, skip, done } = nextMoves(scene.task.plan, phases, refused || scene.signal.aborted)
    if (done) return phases
    for (const step of skip) {
      phases[step.id] = 'skipped'
      scene.emit({ type: 'step-phase', step: step.id, phase: 'skipped', reason: null })
    }
    for (const step of start) {
      phases[step.id] = 'running'
      const ended = runStep({ ...scene, step: step.id }, step).then((phase) => {
        phases[step.id] = phase
        underWay.delete(step.id)
      })
      underWay.set(step.id, ended)
    }
    if (underWay.size > 0) await Promise.race(underWay.values())
    else if (skip.length === 0) return phases
  }
}

/** Never rejects: what a step throws is its error. */
async function runStep(scene: Scene, step: PlanStep): Promise<StepPhase> {
  scene.emit({ type: 'step-phase', step: step.id, phase: 'running', reason: null })
  const { phase, reason } = await act(scene, step).catch((error: unknown): StepEnd => {
    scene.parts.log.error({ run: scene.task.run, step: step.id, err: error }, 'a step ended with an error of ours')
    return { phase: 'error', reason: toAppError(error).message }
  })
  scene.emit({ type: 'step-phase', step: step.id, phase, reason: reason && clip(reason, 2000) })
  return phase
}

async function act(scene: Scene, { action }: PlanStep): Promise<StepEnd> {
  if (action.kind === 'fault') return runFaultStep(scene, action.fault)
  if (action.kind === 'not-needed') {
    tell(scene, 'info', `not needed here: ${action.reason}`)
    return { phase: 'completed', reason: null }
  }
  const slept = await pause(scene.parts.clock, action.seconds * 1000, scene.signal)
  return slept === 'over' ? { phase: 'completed', reason: null } : stoppedEnd(scene.signal)
}

/** A signal that aborts when the plan's deadline has passed. */
function deadlineOf(parts: EngineParts, { plan }: EngineTask, over: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const seconds = plan.deadlineSeconds
  if (seconds !== null) {
    void pause(parts.clock, seconds * 1000, over).then((slept) => {
      if (slept === 'over') controller.abort({ kind: 'deadline', text: `the run took longer than ${seconds} s` })
    })
  }
  return controller.signal
}

function endOfRun({ plan }: EngineTask, phases: Phases, signal: AbortSignal): RunPhase {
  const phase = finalRunPhase(plan, phases)
  const unfinished = plan.steps.some(({ id }) => phases[id] !== 'completed')
  if (phase !== 'completed' || !signal.aborted || !unfinished) return phase
  return stoppedEnd(signal).phase as RunPhase
}

function stopping(signal: AbortSignal) {
  return { type: 'run-phase', phase: 'stopping', reason: clip(stopReasonOf(signal).text, 2000) } as const
}

function reasonOf(signal: AbortSignal): string | null {
  return signal.aborted ? stopReasonOf(signal).text : null
}
