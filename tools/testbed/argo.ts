import { stringify } from 'yaml'
import type { Cluster } from './cluster.ts'
import { define } from './definitions.ts'

const NAMESPACE = 'argo'
const CONFIG = 'workflow-controller-configmap'

/**
 * For an image that is used without a command the controller asks its registry for one; there is none here. It reads
 * this list when it starts, and knows an image by its whole name.
 */
const IMAGES = Object.fromEntries(
  ['latest', '2.11.0', '3.0.0'].map((tag) => [`litmuschaos/litmus-checker:${tag}`, { entrypoint: ['/checker'] }])
)

/** Argo Workflows: its kinds, and its controller as a process beside the cluster. Pods of workflows succeed by themselves. */
export async function addArgo(cluster: Cluster): Promise<void> {
  await define(cluster, cluster.binaries.definitions('workflow-controller'))
  await cluster.api.create('/api/v1/namespaces', { metadata: { name: NAMESPACE } })
  const config = stringify({ images: IMAGES, workflowDefaults: { spec: { serviceAccountName: 'default' } } })
  await cluster.api.create(`/api/v1/namespaces/${NAMESPACE}/configmaps`, {
    metadata: { name: CONFIG },
    data: { config }
  })
  cluster.add({
    name: 'workflow-controller',
    file: cluster.binaries.program('workflow-controller'),
    args: [
      ...['--kubeconfig', cluster.kubeconfig, '--namespace', NAMESPACE, '--configmap', CONFIG],
      ...['--executor-image', 'argoexec:simulated']
    ],
    // it looks again after 10 s by itself, and each step of a workflow waits for that
    env: { LEADER_ELECTION_DISABLE: 'true', DEFAULT_REQUEUE_TIME: '200ms' }
  })
}
