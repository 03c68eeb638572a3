import { AppError } from '../../platform/index.ts'

/** A kind of workload that an API server serves, with the names that it has in paths. */
export interface WorkloadKind {
  kind: string
  /** `/apis/apps/v1` */
  api: string
  plural: string
}

export const WORKLOAD_KINDS: readonly WorkloadKind[] = [
  { kind: 'Deployment', api: '/apis/apps/v1', plural: 'deployments' },
  { kind: 'StatefulSet', api: '/apis/apps/v1', plural: 'statefulsets' },
  { kind: 'DaemonSet', api: '/apis/apps/v1', plural: 'daemonsets' }
]

/** Kinds that faults change objects of, beside workloads. */
const OTHER_KINDS: readonly WorkloadKind[] = [
  { kind: 'Pod', api: '/api/v1', plural: 'pods' },
  { kind: 'Service', api: '/api/v1', plural: 'services' },
  { kind: 'Node', api: '/api/v1', plural: 'nodes' }
]

/** The path of an object. Errors: `cluster/unknown-kind`. */
export function objectPath({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  const known = [...WORKLOAD_KINDS, ...OTHER_KINDS].find((one) => one.kind === kind)
  if (known === undefined) {
    const message = `objects of kind ${kind} are not known here`
    throw new AppError({ code: 'cluster/unknown-kind', kind: 'invalid', message })
  }
  return `${collectionPath(known, namespace === '' ? null : namespace)}/${encodeURIComponent(name)}`
}

/** The path of a collection, in one namespace, or in all. */
export function collectionPath(
  { api, plural }: Pick<WorkloadKind, 'api' | 'plural'>,
  namespace: string | null
): string {
  return namespace === null ? `${api}/${plural}` : `${api}/namespaces/${encodeURIComponent(namespace)}/${plural}`
}
