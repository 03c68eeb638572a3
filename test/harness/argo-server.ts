import type { TestProject } from 'vitest/node'
import { startForRun } from './cluster-server.ts'

/** One cluster for the whole test run, with Argo Workflows and Litmus' operator on it. */
export function setup(project: TestProject): Promise<() => Promise<void>> {
  return startForRun(project, ['core', 'argo'])
}
