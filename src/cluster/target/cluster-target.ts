import { type TargetSelector, textAt, textsAt } from '../../domain/index.ts'
import type { PodRef, Target, TargetWorkload } from '../../engine/index.ts'
import { AppError, toAppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { clusterContainers, clusterExec } from '../exec/cluster-exec.ts'
import { listPages } from '../watch/list-pages.ts'
import { desiredOf, numberAt } from '../workload/rollout.ts'
import { collectionPath, WORKLOAD_KINDS, type WorkloadKind } from '../workload/workload-kinds.ts'
import { clusterObjects } from './cluster-objects.ts'
import { ownedPods } from './cluster-pods.ts'
import { equalLabels, labelSelectorOf } from './label-selector.ts'

/** A cluster as faults and probes see it, through its API server alone: processes and network of pods are out of reach. */
export function clusterTarget(client: KubeClient, { allowsCommands = false } = {}): Target {
  return {
    kind: 'kubernetes',
    allowsCommands,
    workloads: async (selector) => (await selected(client, selector)).map(({ workload }) => workload),
    pods: async (selector) => {
      const found = await selected(client, selector)
      const each = await Promise.all(
        found.map(async ({ workload, pods }) => {
          if (pods === null) return []
          const all = await ownedPods(client, selector.namespace, pods)
          return all.filter((pod) => pod.workload.uid === workload.uid)
        })
      )
      return each.flat()
    },
    deletePod: (pod, options) => deletePod(client, pod, options),
    runCommand: () => Promise.reject(noCommands()),
    resolve: shortNames,
    containers: clusterContainers(client),
    exec: clusterExec(client),
    processes: null,
    network: null,
    cluster: clusterObjects(client)
  }
}

interface Selected {
  workload: TargetWorkload
  /** the labels that it selects its pods by */
  pods: string | null
}

/** Litmus' applabel means the labels of the workload; many files give those of its pods. No label at all selects nothing. */
async function selected(client: KubeClient, { namespace, kind, labels }: TargetSelector): Promise<Selected[]> {
  if (Object.keys(labels).length === 0) return []
  const known = WORKLOAD_KINDS.find((one) => one.kind.toLowerCase() === kind.toLowerCase())
  if (known === undefined) throw unknownKind(kind)
  const path = collectionPath(known, namespace)
  const all = await listPages({
    client,
    path,
    project: (object) => ({ ...read(known, object), carries: carries(object, labels) })
  })
  const byPods = await ownedPods(client, namespace, equalLabels(labels))
  const owners = new Set(byPods.map(({ workload }) => workload.uid))
  return [...all.objects.values()]
    .map(({ object }) => object)
    .filter(({ workload, carries }) => carries || owners.has(workload.uid))
}

function read({ kind }: WorkloadKind, object: unknown): Selected {
  const daemons = kind === 'DaemonSet'
  return {
    workload: {
      kind,
      namespace: textAt(object, 'metadata', 'namespace') ?? '',
      name: textAt(object, 'metadata', 'name') ?? '',
      uid: textAt(object, 'metadata', 'uid') ?? '',
      desired: daemons ? numberAt(object, 'status', 'desiredNumberScheduled') : desiredOf(object),
      ready: numberAt(object, 'status', daemons ? 'numberReady' : 'readyReplicas')
    },
    pods: labelSelectorOf(object)
  }
}

function carries(object: unknown, asked: Readonly<Record<string, string>>): boolean {
  const labels = textsAt(object, 'metadata', 'labels')
  return Object.entries(asked).every(([key, value]) => labels[key] === value)
}

/** The precondition holds the deletion to this very pod: another one of its name is left alone. */
async function deletePod(
  client: KubeClient,
  pod: PodRef,
  options: { graceSeconds: number; force: boolean }
): Promise<void> {
  const { namespace, name, uid } = pod
  const path = `${collectionPath({ api: '/api/v1', plural: 'pods' }, namespace)}/${encodeURIComponent(name)}`
  const gracePeriodSeconds = options.force ? 0 : options.graceSeconds
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds, preconditions: { uid } }
  try {
    await client.call({ method: 'DELETE', path, body })
  } catch (error) {
    if (!['cluster/missing', 'cluster/clash'].includes(toAppError(error).code)) throw error
  }
}

/** `http://cart/` means the Service of the run's namespace, not one beside the agent. */
function shortNames(url: URL, namespace: string): URL {
  if (!/^[a-z0-9-]+$/.test(url.hostname) || url.hostname === 'localhost') return url
  const reachable = new URL(url)
  reachable.hostname = `${url.hostname}.${namespace}.svc`
  return reachable
}

function unknownKind(kind: string): AppError {
  const known = WORKLOAD_KINDS.map((one) => one.kind.toLowerCase()).join(', ')
  const message = `workloads of kind ${kind} cannot be targets on kubernetes infrastructures; known: ${known}`
  return new AppError({ code: 'cluster/unknown-kind', kind: 'invalid', message })
}

function noCommands(): AppError {
  const message = 'commands are not run on kubernetes infrastructures'
  return new AppError({ code: 'cluster/no-commands', kind: 'denied', message })
}
