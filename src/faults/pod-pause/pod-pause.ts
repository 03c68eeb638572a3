import { type Fault, type FaultWorld, type Proof, partOf, type UndoData } from '../../engine/index.ts'
import { type OwnPlan, parsePodFault } from '../pod-tunables.ts'
import { textOf } from '../undo-reader.ts'
import { podPauseSchema } from './schema.ts'

const EFFECT_MS = 5000
const RECOVERY_MS = 30_000

/** Stops the processes of a pod where they are. The undo record names the pod by its uid: one that is gone needs no undoing. */
export const podPause: Fault = {
  schema: podPauseSchema,
  needs: ['processes'],
  parse: (written) => parsePodFault(podPauseSchema, written, () => pausing),
  recover: (undo, { target }) => partOf(target, 'processes').resumePod(textOf(undo, 'injection'), podIn(undo)),
  proveRecovery
}

const pausing: OwnPlan = {
  effectDeadlineMs: EFFECT_MS,
  recoveryDeadlineMs: RECOVERY_MS,
  undo: async ({ injection, pod }) => ({ injection, namespace: pod.namespace, name: pod.name, uid: pod.uid }),
  apply: ({ injection, pod }, { target }) => partOf(target, 'processes').pausePod(injection, pod),
  proveEffect: async ({ injection, pod }, { target }) => {
    const { by, stopped } = await partOf(target, 'processes').pauseOf(pod)
    const proved = stopped && by.includes(injection)
    return { proved, evidence: `the processes of ${pod.name} ${proved ? 'are stopped' : 'still run'}` }
  }
}

async function proveRecovery(undo: UndoData, { target }: FaultWorld): Promise<Proof> {
  const injection = textOf(undo, 'injection')
  const pod = podIn(undo)
  const { by, stopped } = await partOf(target, 'processes').pauseOf(pod)
  if (by.includes(injection)) return { proved: false, evidence: `pod ${pod.name} is still paused` }
  if (by.length > 0) return { proved: true, evidence: `pod ${pod.name} is paused by another fault alone` }
  return { proved: !stopped, evidence: `no process of pod ${pod.name} is ${stopped ? 'running' : 'stopped'}` }
}

function podIn(undo: UndoData) {
  return { namespace: textOf(undo, 'namespace'), name: textOf(undo, 'name'), uid: textOf(undo, 'uid') }
}
