export type { ClusterAccess } from './access/cluster-access.ts'
export { KubeClient } from './client/kube-client.ts'
