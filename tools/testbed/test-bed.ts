import { addArgo } from './argo.ts'
import { findBinaries } from './binaries.ts'
import { addChaosOperator } from './chaos-operator.ts'
import { type Cluster, startCluster } from './cluster.ts'
import type { Tier } from './programs.ts'

/**
 * A cluster with what these tiers add to it, in an empty folder; builds first what is missing, and says so. The
 * environment is read for KUBEBUILDER_ASSETS. It ends with this process.
 */
export async function startTestBed(
  folder: string,
  tiers: readonly Tier[],
  say: (text: string) => void
): Promise<Cluster> {
  const binaries = await findBinaries(tiers, process.env.KUBEBUILDER_ASSETS, say)
  const cluster = await startCluster(folder, binaries)
  try {
    if (tiers.includes('argo')) {
      await addArgo(cluster)
      await addChaosOperator(cluster)
    }
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}
