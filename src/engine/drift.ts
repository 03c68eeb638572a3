import type { TargetSelector } from '../domain/index.ts'
import type { FaultPlan } from './fault.ts'
import type { Scene } from './parts.ts'
import type { Target, TargetPod, TargetWorkload } from './target.ts'
import { pause, within } from './within.ts'

const LOOK_MS = 5000
/** pods that a fault has taken out of their Services come back at their next readiness check, within ms */
const BACK_MS = 10_000
const LOOK_EVERY_MS = 250

/** What is compared before the harm and after it. */
export interface SeenState {
  workloads: readonly TargetWorkload[]
  pods: readonly TargetPod[]
}

/** Null: it could not be seen, so nothing can be said of a difference. */
export async function seeState(scene: Scene, selector: TargetSelector): Promise<SeenState | null> {
  const { clock, target } = scene.parts
  // also after a stop: what is said of the recovery must not depend on why the harm ended
  const limit = { clock, ms: LOOK_MS, signal: new AbortController().signal, what: 'looking at the state' }
  return within(limit, () => look(target, selector)).catch(() => null)
}

async function look(target: Target, selector: TargetSelector): Promise<SeenState> {
  const [workloads, pods] = await Promise.all([target.workloads(selector), target.pods(selector)])
  return { workloads, pods }
}

/**
 * How the state after a recovered harm differs from the one before it, as a sentence; null = it does not. What the fault
 * itself replaces is no difference. Pods that are only not ready yet get their time.
 */
export async function driftSince(
  scene: Scene,
  before: SeenState | null,
  { selector, replaces }: { selector: TargetSelector; replaces: FaultPlan['replaces'] }
): Promise<string | null> {
  if (before === null) return null
  const { clock } = scene.parts
  const deadline = clock.now().getTime() + BACK_MS
  for (;;) {
    const after = await seeState(scene, selector)
    if (after === null) return null
    const lasting = [...workloadDrift(before, after), ...podDrift(before, after, replaces)]
    const notBack = readyDrift(before, after)
    const seen = [...lasting, ...notBack]
    if (seen.length === 0) return null
    if (notBack.length === 0 || clock.now().getTime() >= deadline) return seen.join('; ')
    await pause(clock, LOOK_EVERY_MS, new AbortController().signal)
  }
}

function workloadDrift(before: SeenState, after: SeenState): string[] {
  return before.workloads.flatMap((was) => {
    const now = after.workloads.find(({ uid }) => uid === was.uid)
    if (now === undefined) return [`${nameOf(was)} is gone`]
    return now.desired === was.desired
      ? []
      : [`${nameOf(was)} asked for ${was.desired} pods and asks for ${now.desired}`]
  })
}

function podDrift(before: SeenState, after: SeenState, replaces: FaultPlan['replaces']): string[] {
  if (replaces === 'pods') return []
  return before.pods.flatMap((was) => {
    const now = after.pods.find(({ uid }) => uid === was.uid)
    if (now === undefined) return [`pod ${was.name} is gone`]
    const restarts = restartsOf(now) - restartsOf(was)
    return restarts > 0 && replaces !== 'processes' ? [`pod ${was.name} was restarted (${restarts})`] : []
  })
}

function restartsOf({ restarts }: TargetPod): number {
  return Object.values(restarts).reduce((sum, count) => sum + count, 0)
}

function readyDrift(before: SeenState, after: SeenState): string[] {
  return before.workloads.flatMap((was) => {
    const now = after.workloads.find(({ uid }) => uid === was.uid)
    if (now === undefined || now.ready >= Math.min(was.ready, now.desired)) return []
    return [`${nameOf(was)} had ${was.ready} pods ready and has ${now.ready}`]
  })
}

function nameOf({ kind, name }: TargetWorkload): string {
  return `${kind.toLowerCase()}/${name}`
}
