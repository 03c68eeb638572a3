import { setTimeout } from 'node:timers/promises'
import type { TargetSelector } from '../domain/index.ts'
import type { Network, Processes, Target, TargetPod } from '../engine/index.ts'
import type { Local, PodView, WorkloadView } from '../local/index.ts'
import { AppError } from '../platform/index.ts'
import type { WorkloadSource } from './observer.ts'
import { workloadAspects } from './workload-aspects.ts'

const BEGUN_MS = 500

/** The local infrastructure as faults and probes see it. */
export function localTarget(local: Local, { allowsCommands = false } = {}): Target {
  return {
    kind: 'local',
    allowsCommands,
    workloads: async (selector) =>
      selected(local, selector).map(({ kind, namespace, name, uid, replicas, readyReplicas }) => ({
        kind,
        namespace,
        name,
        uid,
        desired: replicas,
        ready: readyReplicas
      })),
    pods: async (selector) => {
      const uids = new Set(selected(local, selector).map(({ uid }) => uid))
      const { pods } = local.objects({ namespace: selector.namespace })
      return pods.filter((pod) => uids.has(pod.workload.uid)).map(targetPod)
    },
    deletePod: async (pod, { graceSeconds, force }) => {
      // as in Kubernetes, deleting begins the end of the pod and does not wait for it
      const deleting = local.deletePod(pod.uid, { graceSeconds: force ? 0 : graceSeconds })
      await Promise.race([deleting, setTimeout(BEGUN_MS, undefined, { ref: false })])
    },
    runCommand: (order) => (allowsCommands ? local.runCommand(order) : Promise.reject(noCommands())),
    resolve: (url, namespace) => resolve(local, url, namespace),
    containers: { killContainer: async (pod, options) => local.killContainer(pod.uid, options) },
    exec: null,
    processes: localProcesses(local),
    network: localNetwork(local),
    cluster: null
  }
}

function localProcesses(local: Local): Processes {
  return {
    pausePod: async (injection, pod) => local.pausePod(pod.uid, injection),
    resumePod: async (injection, pod) => local.resumePod(pod.uid, injection),
    pauseOf: (pod) => local.pauseOf(pod.uid),
    loadPod: (injection, pod, load) => local.addLoad({ id: injection, podUid: pod.uid, load }),
    unloadPod: (injection) => local.removeLoad(injection),
    loads: () => local.loads()
  }
}

function localNetwork(local: Local): Network {
  return {
    shapeNetwork: async (injection, pod, shape) => {
      const there = local.objects({ namespace: pod.namespace }).pods.some(({ uid }) => uid === pod.uid)
      if (!there) throw podGone(pod.name)
      local.addToxic({ id: injection, podUid: pod.uid, shape })
    },
    clearNetwork: async (injection) => local.removeToxic(injection),
    shaped: async () => local.toxics()
  }
}

/** The local infrastructure's workloads, to be observed. */
export function localSource(local: Local): WorkloadSource {
  return {
    start: () => undefined,
    workloads: (paths) =>
      local.objects().workloads.map(({ uid, kind, namespace, name, object, rollout }) => ({
        uid,
        kind,
        namespace,
        name,
        aspects: workloadAspects(object, paths),
        rollout
      })),
    onChange: (listener) => local.onChange(listener)
  }
}

/** `host:port` of the services as they are now, and of the pods that have a name of their own: what probes of this infrastructure may call on loopback. */
export function localOrigins(local: Local): string[] {
  const { services } = local.objects({ kind: 'service' })
  return services.flatMap(({ host, port, hosts }) => [port, ...Object.values(hosts)].map((one) => `${host}:${one}`))
}

/** Litmus' applabel means the labels of the workload; many files give those of its pods. */
function selected(local: Local, { namespace, kind, labels }: TargetSelector): WorkloadView[] {
  const { workloads } = local.objects({ namespace, kind })
  const { pods } = local.objects({ namespace, kind: 'pod' })
  const byPods = new Set(pods.filter((pod) => carries(pod.labels, labels)).map((pod) => pod.workload.uid))
  return workloads.filter((workload) => carries(workload.labels, labels) || byPods.has(workload.uid))
}

/** No label at all selects nothing: a forgotten applabel must not mean everything. */
function carries(actual: Readonly<Record<string, string>>, asked: Readonly<Record<string, string>>): boolean {
  const pairs = Object.entries(asked)
  return pairs.length > 0 && pairs.every(([key, value]) => actual[key] === value)
}

function targetPod(pod: PodView): TargetPod {
  const { name, uid, namespace, labels, startedAt, workload } = pod
  const containers = pod.containers.filter(({ init }) => !init)
  return {
    name,
    uid,
    namespace,
    labels,
    restarts: Object.fromEntries(containers.map(({ name, restarts }) => [name, restarts])),
    startedAt,
    workload,
    ready: pod.ready && pod.phase !== 'terminating'
  }
}

function resolve(local: Local, url: URL, namespace: string): URL {
  const service = local.service(url.hostname, namespace)
  if (service === undefined) return url
  const reachable = new URL(url)
  reachable.hostname = service.host
  reachable.port = String(service.port)
  return reachable
}

function noCommands(): AppError {
  const message = 'commands are not allowed on this infrastructure'
  return new AppError({ code: 'agent/no-commands', kind: 'denied', message })
}

function podGone(name: string): AppError {
  const message = `pod ${name} went away before it could be reached`
  return new AppError({ code: 'agent/pod-gone', kind: 'missing', message })
}
