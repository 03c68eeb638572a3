import type { FaultWorld, InjectionAim, Proof, UndoData } from '../engine/index.ts'
import { labelsOf, textOf } from './undo-reader.ts'

/** What is needed to say later whether the workload of a pod is whole again. */
export function workloadOf({ pod, selector }: InjectionAim): UndoData {
  return {
    pod: pod.name,
    workloadUid: pod.workload.uid,
    namespace: selector.namespace,
    kind: selector.kind,
    labels: { ...selector.labels }
  }
}

/** Whether as many pods as the workload asks for are ready. */
export async function proveWorkloadReady(undo: UndoData, { target }: FaultWorld): Promise<Proof> {
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
