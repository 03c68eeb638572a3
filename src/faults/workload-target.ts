import type { TargetSelector } from '../domain/index.ts'
import { type FaultWorld, type ObjectRef, type Proof, partOf, type TargetWorkload } from '../engine/index.ts'
import { AppError } from '../platform/index.ts'

/** The workloads that the workflow names, where they are of these kinds. Errors: `faults/no-workload`. */
export async function workloadsOf(
  selector: TargetSelector,
  { target }: FaultWorld,
  kinds: readonly string[]
): Promise<TargetWorkload[]> {
  const found = (await target.workloads(selector)).filter(({ kind }) => kinds.includes(kind))
  if (found.length > 0) return found
  const message = `no ${kinds.join(' or ')} of namespace ${selector.namespace} is meant: a ${selector.kind} is none`
  throw new AppError({ code: 'faults/no-workload', kind: 'invalid', message })
}

/** Whether its controller is done with its newest template, and all pods serve. */
export async function proveRolledOut(object: ObjectRef, { target }: FaultWorld): Promise<Proof> {
  const rollout = await partOf(target, 'cluster').rolloutOf(object)
  if (rollout === undefined) return { proved: true, evidence: 'it is gone meanwhile' }
  return { proved: rollout === 'healthy', evidence: `its rollout is ${rollout}` }
}
