import { approvalSentence, type FactBody, type PlanStep, retryAfterMs } from '../domain/index.ts'
import { toAppError } from '../platform/index.ts'
import { runFaultStep, type StepEnd, stoppedEnd } from './fault-step.ts'
import { clip, type EngineParts, type Scene, tell } from './parts.ts'
import type { Approvals, Emit, EngineTask } from './run-engine.ts'
import { lateAfter, pause } from './within.ts'

export interface StepOrder {
  task: EngineTask
  step: PlanStep
  /** ends the step, whichever attempt it is at */
  signal: AbortSignal
  emit: Emit
  approvals: Approvals | undefined
}

/**
 * One step, tried again as its rule says; each attempt of a fault is an injection with an undo record of its own. Never
 * rejects: what a step throws is its error. After a stop, or where harm may still be there, nothing is tried again.
 */
export async function attemptStep(parts: EngineParts, order: StepOrder): Promise<StepEnd> {
  const { step, signal } = order
  const began = parts.clock.now().getTime()
  for (let attempts = 1; ; attempts++) {
    const emit = numbered(order.emit, attempts)
    const phase = step.action.kind === 'approval' ? 'waiting' : 'running'
    const of = step.retry && attempts > 1 ? `attempt ${attempts} of ${step.retry.limit + 1}` : null
    emit({ type: 'step-phase', step: step.id, phase, reason: of })
    const end = await attempt(parts, { ...order, emit })
    const elapsedMs = parts.clock.now().getTime() - began
    const final = end.leaked === true || signal.aborted || step.retry === undefined
    const againMs = final || !step.retry ? null : retryAfterMs(step.retry, { attempts, elapsedMs, end })
    if (againMs !== null) tell(sceneOf(parts, { ...order, emit }), 'warn', againText(attempts, end, againMs))
    if (againMs === null || (await pause(parts.clock, againMs, signal)) === 'stopped') {
      const last = againMs === null ? end : stoppedEnd(signal)
      emit({ type: 'step-phase', step: step.id, phase: last.phase, reason: last.reason && clip(last.reason, 2000) })
      return last
    }
  }
}

async function attempt(parts: EngineParts, order: StepOrder): Promise<StepEnd> {
  const { step, task } = order
  const over = new AbortController()
  const late = lateOf(parts, step, over.signal)
  const signal = late === undefined ? order.signal : AbortSignal.any([order.signal, late])
  try {
    return await act(sceneOf(parts, { ...order, signal }), step, order.approvals)
  } catch (error) {
    parts.log.error({ run: task.run, step: step.id, err: error }, 'a step ended with an error of ours')
    return { phase: 'error', reason: toAppError(error).message }
  } finally {
    over.abort()
  }
}

async function act(scene: Scene, { action }: PlanStep, approvals: Approvals | undefined): Promise<StepEnd> {
  switch (action.kind) {
    case 'fault':
      return runFaultStep(scene, action.fault)
    case 'approval':
      return askPerson(scene, approvals)
    case 'not-needed':
      tell(scene, 'info', `not needed here: ${action.reason}`)
      return { phase: 'completed', reason: null }
    case 'delegated':
      return { phase: 'error', reason: `only Argo Workflows runs this: ${action.what}` }
    case 'pause': {
      const slept = await pause(scene.parts.clock, action.seconds * 1000, scene.signal)
      return slept === 'over' ? { phase: 'completed', reason: null } : stoppedEnd(scene.signal)
    }
  }
}

async function askPerson(scene: Scene, approvals: Approvals | undefined): Promise<StepEnd> {
  const approval = await (approvals?.wait(scene.step, scene.signal) ?? aborted(scene.signal))
  if (approval === null) return stoppedEnd(scene.signal)
  return { phase: approval.outcome === 'approved' ? 'completed' : 'stopped', reason: approvalSentence(approval) }
}

function aborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null)
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }))
}

function lateOf({ clock }: EngineParts, { deadlineSeconds }: PlanStep, over: AbortSignal): AbortSignal | undefined {
  if (deadlineSeconds === undefined) return undefined
  const text = `the step took longer than ${deadlineSeconds} s`
  return lateAfter({ clock, ms: deadlineSeconds * 1000, over, text })
}

/** Facts of further attempts carry their number. */
function numbered(emit: Emit, attempt: number): Emit {
  if (attempt === 1) return emit
  return (fact: FactBody) => emit('step' in fact && fact.step !== null ? { ...fact, attempt } : fact)
}

function sceneOf(parts: EngineParts, { task, step, signal, emit }: StepOrder): Scene {
  return { parts, task, step: step.id, signal, emit }
}

function againText(attempt: number, { phase, reason }: StepEnd, ms: number): string {
  const when = ms === 0 ? 'at once' : `in ${Math.round(ms / 100) / 10} s`
  return `attempt ${attempt} ended: ${phase}${reason === null ? '' : `, ${reason}`}; it is tried again ${when}`
}
