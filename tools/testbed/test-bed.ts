import { findBinaries } from './binaries.ts'
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
  return startCluster(folder, await findBinaries(tiers, process.env.KUBEBUILDER_ASSETS, say))
}
