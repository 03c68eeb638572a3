import type { Fault, FaultPlan, FaultWorld, Proof, UndoData } from '../../engine/index.ts'
import { podPlan } from '../pod-tunables.ts'
import { Tunables } from '../tunables.ts'
import { labelsOf, textOf } from '../undo-reader.ts'
import { podDeleteSchema, UNSUPPORTED } from './schema.ts'

const GRACE_SECONDS = 30
const EFFECT_MS = 10_000
const RECOVERY_MS = 60_000

/**
 * Deletes pods. Undo is the work of the workload's controller: recovery means that as many pods as it asks for are
 * ready again. (That the deleted one is gone was the proof of the effect; one whose deletion failed counts.)
 */
export const podDelete: Fault = {
  schema: podDeleteSchema,
  parse: (values) => {
    const tunables = new Tunables(podDeleteSchema, values)
    const common = podPlan(tunables)
    const roundMs = tunables.seconds('CHAOS_INTERVAL')
    const force = tunables.flag('FORCE')
    tunables.refuseIfSet(UNSUPPORTED)
    if (tunables.problems.length > 0) return { ok: false, problems: tunables.problems }
    return { ok: true, plan: { ...common, roundMs, ...deletion(force) } }
  },
  recover: async () => undefined,
  proveRecovery
}

type Deletion = Pick<FaultPlan, 'effectDeadlineMs' | 'recoveryDeadlineMs' | 'undo' | 'apply' | 'proveEffect'>

function deletion(force: boolean): Deletion {
  const graceSeconds = force ? 0 : GRACE_SECONDS
  return {
    effectDeadlineMs: graceSeconds * 1000 + EFFECT_MS,
    recoveryDeadlineMs: RECOVERY_MS,
    undo: async ({ pod, selector }) => ({
      pod: pod.name,
      workloadUid: pod.workload.uid,
      namespace: selector.namespace,
      kind: selector.kind,
      labels: { ...selector.labels }
    }),
    apply: ({ pod }, { target }) => target.deletePod(pod, { graceSeconds, force }),
    proveEffect: async ({ pod, selector }, { target }) => {
      const still = (await target.pods(selector)).some(({ uid }) => uid === pod.uid)
      return { proved: !still, evidence: still ? `pod ${pod.name} is still there` : `pod ${pod.name} is gone` }
    }
  }
}

async function proveRecovery(undo: UndoData, { target }: FaultWorld): Promise<Proof> {
  const selector = {
    namespace: textOf(undo, 'namespace'),
    kind: textOf(undo, 'kind'),
    labels: labelsOf(undo, 'labels')
  }
  const workloadUid = textOf(undo, 'workloadUid')
  const workload = (await target.workloads(selector)).find(({ uid }) => uid === workloadUid)
  if (workload === undefined) return { proved: true, evidence: 'the workload was removed meanwhile' }
  const pods = (await target.pods(selector)).filter((pod) => pod.workload.uid === workloadUid)
  const ready = pods.filter((pod) => pod.ready).length
  const evidence = `${workload.kind.toLowerCase()}/${workload.name} has ${ready} of ${workload.desired} pods ready`
  return { proved: ready >= workload.desired, evidence }
}
