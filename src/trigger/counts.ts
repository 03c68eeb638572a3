import { evaluate, fieldChanges, imageChanges, type Observation, selects } from '../domain/index.ts'
import type { Counts } from './compare.ts'
import type { ProjectRules } from './rules.ts'

/** A new image always counts, so that people see why it started nothing; all else where a policy is fulfilled by it. */
export function countsFor(infrastructure: string, projects: readonly ProjectRules[]): Counts {
  const rules = projects.flatMap((project) => project.rules)
  return (before, after) => {
    if (imageChanges(before.aspects, after.aspects).length > 0) return true
    if (rules.length === 0 || fieldChanges(before.aspects, after.aspects).length === 0) return false
    return rules.some(({ does }) => isFulfilled(does, { infrastructure, before, after }))
  }
}

function isFulfilled(
  policy: ProjectRules['rules'][number]['does'],
  states: { infrastructure: string; before: Observation; after: Observation }
): boolean {
  const happening = { ...states, kind: 'changed' as const }
  return selects(policy.workloads, happening).matched && evaluate(policy, happening).matched
}
