import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import type { Way } from '../../tools/testbed/kubeconfig.ts'
import type { Tier } from '../../tools/testbed/programs.ts'
import { startTestBed } from '../../tools/testbed/test-bed.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** the one cluster of the test run, as its admin */
    cluster: Way & { kubeconfig: string }
    /** path of the program; of the tier `argo` alone */
    helm: string
  }
}

/** One cluster for the whole test run; ends with it. */
export async function startForRun(project: TestProject, tiers: readonly Tier[]): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-test-cluster-'))
  const cluster = await startTestBed(folder, tiers, (text) => process.stderr.write(`${text}\n`))
  if (tiers.includes('argo')) project.provide('helm', cluster.binaries.program('helm'))
  project.provide('cluster', { ...cluster.admin, kubeconfig: cluster.kubeconfig })
  return async () => {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

export function setup(project: TestProject): Promise<() => Promise<void>> {
  return startForRun(project, ['core'])
}
