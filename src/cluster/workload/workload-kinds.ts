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

/** The path of a collection, in one namespace, or in all. */
export function collectionPath(
  { api, plural }: Pick<WorkloadKind, 'api' | 'plural'>,
  namespace: string | null
): string {
  return namespace === null ? `${api}/${plural}` : `${api}/namespaces/${encodeURIComponent(namespace)}/${plural}`
}
