import { at, isTree, OWN_MANAGER, type Tree, textAt, textsAt, treesAt } from '../../domain/index.ts'
import type {
  Cluster,
  ClusterField,
  ClusterNode,
  ClusterService,
  FieldSwap,
  NodePod,
  ObjectRef,
  PodRef,
  Swapped
} from '../../engine/index.ts'
import { toAppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { listPages } from '../watch/list-pages.ts'
import { rolloutOf } from '../workload/rollout.ts'
import { collectionPath, objectPath } from '../workload/workload-kinds.ts'
import { anyObjects } from './any-objects.ts'
import { ownerOf } from './cluster-pods.ts'
import { lackingRights } from './lacking-rights.ts'
import { fieldPatch, fieldPath, readField } from './object-fields.ts'
import { connectToPod } from './pod-canary.ts'

/** whom the API server notes for what faults change */
const MANAGER = `fieldManager=${OWN_MANAGER}`
/** who works on an object now */
const INJECTION = 'faultline.dev/injection'
const CONTROL_PLANE = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master']
const MIRROR = 'kubernetes.io/config.mirror'
/** somebody else may change the object between our look and our change */
const TRIES = 5

export function clusterObjects(client: KubeClient): Cluster {
  const list = async <T>(plural: string, namespace: string | null, project: (object: unknown) => T) => {
    const { objects } = await listPages({
      client,
      path: collectionPath({ api: '/api/v1', plural }, namespace),
      project
    })
    return [...objects.values()].map(({ object }) => object)
  }
  return {
    lacking: (rights, namespace) => lackingRights(client, rights, namespace),
    fieldOf: async (object, field) => {
      const found = await look(client, object, field)
      return found === null ? undefined : readField(found, field)
    },
    swapField: (swap) => swapField(client, swap),
    rolloutOf: async (object) => {
      const found = await look(client, object)
      return found === null ? undefined : rolloutOf(object.kind, found)
    },
    evictPod: (pod) => evictPod(client, pod),
    nodes: () => list('nodes', null, nodeOf),
    podsOn: async (node) => {
      const path = collectionPath({ api: '/api/v1', plural: 'pods' }, null)
      const { objects } = await listPages({ client, path, fields: `spec.nodeName=${node}`, project: nodePodOf })
      return [...objects.values()].map(({ object }) => object)
    },
    services: (namespace) => list('services', namespace, serviceOf),
    endpointsOf: (service) => endpointsOf(client, service),
    connectTo: (pod, port) => connectToPod(client, pod, port),
    objects: anyObjects(client)
  }
}

/** The object, or of it what the field lies in; null: it is gone, or another one has its name. */
async function look(client: KubeClient, object: ObjectRef, field?: ClusterField): Promise<unknown> {
  const path = objectPath(object)
  try {
    const found = await client.call({ method: 'GET', path: field === undefined ? path : fieldPath(path, field) })
    return textAt(found, 'metadata', 'uid') === object.uid ? found : null
  } catch (error) {
    if (toAppError(error).code === 'cluster/missing') return null
    throw error
  }
}

/** The patch names the version that was looked at: what changes in between is looked at again. */
async function swapField(client: KubeClient, swap: FieldSwap): Promise<Swapped> {
  const { object, field, from, to } = swap
  for (let tries = 1; ; tries++) {
    const found = await look(client, object, field)
    if (found === null) return { kind: 'gone' }
    const now = readField(found, field)
    if (now === to) return { kind: 'done' }
    if (now !== from) return { kind: 'changed', now }
    const { metadata, ...rest } = fieldPatch(found, field, to)
    const body = { ...rest, metadata: { ...(isTree(metadata) && metadata), ...metadataFor(found, swap) } }
    const path = `${fieldPath(objectPath(object), field)}?${MANAGER}`
    try {
      await client.call({ method: 'PATCH', path, body, type: 'application/merge-patch+json' })
      return { kind: 'done' }
    } catch (error) {
      const { code } = toAppError(error)
      if (code === 'cluster/missing') return { kind: 'gone' }
      if (code !== 'cluster/clash' || tries === TRIES) throw error
    }
  }
}

/** What holds the patch to the version that was looked at, and says who works on the object. */
function metadataFor(found: unknown, { field, injection, last }: FieldSwap): Tree {
  const resourceVersion = textAt(found, 'metadata', 'resourceVersion')
  // the scale of a workload has no annotations; a restart lasts no longer than the change
  if (field.of === 'replicas' || field.of === 'restart') return { resourceVersion }
  const held = textsAt(found, 'metadata', 'annotations')[INJECTION]
  if (last === undefined) return { resourceVersion, annotations: { [INJECTION]: injection } }
  return { resourceVersion, ...(held === injection && { annotations: { [INJECTION]: null } }) }
}

/** Held to this very pod; a PodDisruptionBudget may say no. */
async function evictPod(client: KubeClient, { namespace, name, uid }: PodRef): Promise<string | null> {
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } }
  }
  const path = `${objectPath({ kind: 'Pod', namespace, name })}/eviction?${MANAGER}`
  try {
    await client.call({ method: 'POST', path, body })
    return null
  } catch (error) {
    const { code, message } = toAppError(error)
    if (code === 'cluster/held-back') return message
    if (code === 'cluster/missing' || code === 'cluster/clash') return null
    throw error
  }
}

function nodeOf(node: unknown): ClusterNode {
  const labels = textsAt(node, 'metadata', 'labels')
  return {
    name: textAt(node, 'metadata', 'name') ?? '',
    uid: textAt(node, 'metadata', 'uid') ?? '',
    labels,
    unschedulable: at(node, 'spec', 'unschedulable') === true,
    controlPlane: CONTROL_PLANE.some((label) => Object.hasOwn(labels, label))
  }
}

function nodePodOf(pod: unknown): NodePod {
  return {
    namespace: textAt(pod, 'metadata', 'namespace') ?? '',
    name: textAt(pod, 'metadata', 'name') ?? '',
    uid: textAt(pod, 'metadata', 'uid') ?? '',
    labels: textsAt(pod, 'metadata', 'labels'),
    controller: ownerOf(pod)?.kind ?? null,
    over: ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? ''),
    leaving: at(pod, 'metadata', 'deletionTimestamp') !== undefined,
    mirror: Object.hasOwn(textsAt(pod, 'metadata', 'annotations'), MIRROR)
  }
}

function serviceOf(service: unknown): ClusterService {
  return {
    ref: {
      kind: 'Service',
      namespace: textAt(service, 'metadata', 'namespace') ?? '',
      name: textAt(service, 'metadata', 'name') ?? '',
      uid: textAt(service, 'metadata', 'uid') ?? ''
    },
    selector: textsAt(service, 'spec', 'selector')
  }
}

/** An address in two slices, as of two families, counts twice. */
async function endpointsOf(client: KubeClient, { namespace, name }: ObjectRef): Promise<number> {
  const path = collectionPath({ api: '/apis/discovery.k8s.io/v1', plural: 'endpointslices' }, namespace)
  const labels = `kubernetes.io/service-name=${name}`
  const { objects } = await listPages({ client, path, labels, project: (slice) => treesAt(slice, 'endpoints') })
  const endpoints = [...objects.values()].flatMap(({ object }) => object)
  return endpoints.filter((endpoint) => at(endpoint, 'conditions', 'ready') !== false).length
}
