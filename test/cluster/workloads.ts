import type { KubeObject } from '../../tools/testbed/kube-api.ts'
import type { TestNamespace } from '../harness/cluster.ts'

export const APPS = '/apis/apps/v1'
export const CORE = '/api/v1'

export interface Deployment extends KubeObject {
  metadata: { name: string; generation: number; annotations?: Record<string, string> }
  status?: { observedGeneration?: number; replicas?: number; updatedReplicas?: number; availableReplicas?: number }
}

export interface Pod extends KubeObject {
  spec: { nodeName?: string; containers: { name: string; image: string }[] }
  status: { phase: string; podIP?: string }
}

/** A Deployment of one container, which has its name. */
export function deployment(name: string, image: string, replicas: number, annotations = {}): object {
  return { kind: 'Deployment', ...workload(name, image, annotations, { replicas }) }
}

export function statefulSet(name: string, image: string, replicas: number, annotations = {}): object {
  return { kind: 'StatefulSet', ...workload(name, image, annotations, { replicas, serviceName: name }) }
}

/** One pod on each node. */
export function daemonSet(name: string, image: string, annotations = {}): object {
  return { kind: 'DaemonSet', ...workload(name, image, annotations, {}) }
}

function workload(name: string, image: string, annotations: object, spec: object): object {
  return {
    apiVersion: 'apps/v1',
    metadata: { name, annotations },
    spec: {
      ...spec,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image }] } }
    }
  }
}

/** As `kubectl set image`. */
export function setImage(
  namespace: TestNamespace,
  name: string,
  image: string,
  plural = 'deployments'
): Promise<Deployment> {
  const change = { spec: { template: { spec: { containers: [{ name, image }] } } } }
  return namespace.admin.patch(
    namespace.in(APPS, `${plural}/${name}`),
    change,
    'application/strategic-merge-patch+json'
  )
}

/** As `kubectl rollout status`: all replicas are of the newest template, and available. */
export function rolledOut(namespace: TestNamespace, name: string, replicas: number): Promise<Deployment> {
  return namespace.until(`${name} is rolled out`, async () => {
    const found = await namespace.admin.get<Deployment>(namespace.in(APPS, `deployments/${name}`))
    const { status, metadata } = found
    const seen = status?.observedGeneration === metadata.generation
    const all = [status?.replicas, status?.updatedReplicas, status?.availableReplicas].every((one) => one === replicas)
    return seen && all && found
  })
}

export function podsOf(namespace: TestNamespace, name: string): Promise<Pod[]> {
  return namespace.admin.list(namespace.in(CORE, `pods?labelSelector=app%3D${name}`))
}

/** Before the pods of a Deployment of its name. */
export function service(name: string): object {
  return { metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 80 }] } }
}
