import { freePort } from '../../test/harness/free-port.ts'
import type { Cluster } from './cluster.ts'
import { define } from './definitions.ts'

/**
 * Litmus' operator: its kinds, and the operator as a process beside the cluster. It makes the runner pod of a ChaosEngine;
 * nothing runs in that pod, so nobody writes a ChaosResult.
 */
export async function addChaosOperator(cluster: Cluster): Promise<void> {
  await define(cluster, cluster.binaries.definitions('chaos-operator'))
  cluster.add({
    name: 'chaos-operator',
    file: cluster.binaries.program('chaos-operator'),
    args: ['--metrics-bind-address=127.0.0.1:0', `--health-probe-bind-address=127.0.0.1:${await freePort()}`],
    env: {
      KUBECONFIG: cluster.kubeconfig,
      // it reports its use to its makers unless it is told not to
      ANALYTICS: 'FALSE',
      WATCH_NAMESPACE: '',
      OPERATOR_NAME: 'chaos-operator',
      CHAOS_RUNNER_IMAGE: 'litmuschaos/chaos-runner:simulated',
      CHAOS_RUNNER_IMAGE_PULL_POLICY: 'IfNotPresent'
    }
  })
}
