import type { EventPolicy, PolicyCondition } from './event-policy.ts'

/** The expressions that agents must look at for this policy. */
export function pathsOf({ when }: EventPolicy): string[] {
  return [...new Set(pathsIn(when))]
}

function pathsIn(condition: PolicyCondition): string[] {
  if (condition.kind === 'not') return pathsIn(condition.of)
  if ('of' in condition) return condition.of.flatMap(pathsIn)
  return condition.aspect === 'path' && condition.key !== null ? [condition.key] : []
}
