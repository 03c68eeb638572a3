import { at, isTree, textAt, textsAt, treesAt } from '../../domain/index.ts'
import type { TargetPod } from '../../engine/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { listPages } from '../watch/list-pages.ts'
import { numberAt } from '../workload/rollout.ts'
import { collectionPath } from '../workload/workload-kinds.ts'

const PODS = { api: '/api/v1', plural: 'pods' }
const REPLICA_SETS = { api: '/apis/apps/v1', plural: 'replicasets' }

/** An object's controller, as its owner references name it. */
interface Owner {
  kind: string
  name: string
  uid: string
}

/** The pods with these labels that a workload controls, each with it: a ReplicaSet stands for its Deployment. */
export async function ownedPods(client: KubeClient, namespace: string, labels: string): Promise<TargetPod[]> {
  const list = <T>(kind: typeof PODS, project: (object: unknown) => T) =>
    listPages({ client, path: collectionPath(kind, namespace), labels, project })
  const pods = [...(await list(PODS, podOf)).objects.values()].flatMap(({ object }) => object ?? [])
  if (!pods.some(({ workload }) => workload.kind === 'ReplicaSet')) return pods
  const sets = await list(REPLICA_SETS, ownerOf)
  return pods.flatMap((pod) => {
    if (pod.workload.kind !== 'ReplicaSet') return pod
    const workload = sets.objects.get(pod.workload.uid)?.object
    return workload === undefined ? [] : { ...pod, workload }
  })
}

/** Nobody makes a pod without a controller again: it is left alone. */
function podOf(pod: unknown): TargetPod | undefined {
  const workload = ownerOf(pod)
  if (workload === undefined) return undefined
  const node = textAt(pod, 'spec', 'nodeName')
  return {
    name: textAt(pod, 'metadata', 'name') ?? '',
    uid: textAt(pod, 'metadata', 'uid') ?? '',
    namespace: textAt(pod, 'metadata', 'namespace') ?? '',
    labels: textsAt(pod, 'metadata', 'labels'),
    ready: isReady(pod) && at(pod, 'metadata', 'deletionTimestamp') === undefined,
    restarts: restartsOf(pod),
    startedAt: textAt(pod, 'status', 'startTime') ?? textAt(pod, 'metadata', 'creationTimestamp') ?? '',
    ...(node !== undefined && { node }),
    workload
  }
}

export function ownerOf(object: unknown): Owner | undefined {
  const owner = treesAt(object, 'metadata', 'ownerReferences').find(({ controller }) => controller === true)
  const [kind, name, uid] = ['kind', 'name', 'uid'].map((key) => textAt(owner, key))
  return kind === undefined || name === undefined || uid === undefined ? undefined : { kind, name, uid }
}

function isReady(pod: unknown): boolean {
  return treesAt(pod, 'status', 'conditions').some(({ type, status }) => type === 'Ready' && status === 'True')
}

function restartsOf(pod: unknown): Record<string, number> {
  const statuses = treesAt(pod, 'status', 'containerStatuses')
  const containers = treesAt(pod, 'spec', 'containers').flatMap(({ name }) => (typeof name === 'string' ? name : []))
  return Object.fromEntries(
    containers.map((name) => [
      name,
      numberAt(
        statuses.find((status) => isTree(status) && status.name === name),
        'restartCount'
      )
    ])
  )
}
