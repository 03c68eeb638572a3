import { changesBetween, evaluate, imageChanges, type Observation, selects } from '../domain/index.ts'
import type { Counts } from './compare.ts'
import type { ProjectRules } from './rules.ts'

/** A new image always counts, so that people see why it started nothing; all else where a policy is fulfilled by it. */
export function countsFor(infrastructure: string, projects: readonly ProjectRules[]): Counts {
  const rules = projects.flatMap((project) => project.rules)
  return (before, after) => {
    if (imageChanges(before, after).length > 0) return true
    if (rules.length === 0 || changesBetween(before, after).length === 0) return false
    const states = { infrastructure, before, after: withoutRuns(after) }
    return rules.some(({ does }) => isFulfilled(does, states))
  }
}

/** What a run of ours changed counts as if a person had: it starts nothing, and people see why. */
function withoutRuns({ writers = {}, ...rest }: Observation): Observation {
  return { ...rest, writers: Object.fromEntries(Object.entries(writers).filter(([, writer]) => writer !== 'run')) }
}

function isFulfilled(
  policy: ProjectRules['rules'][number]['does'],
  states: { infrastructure: string; before: Observation; after: Observation }
): boolean {
  const happening = { ...states, kind: 'changed' as const }
  return selects(policy.workloads, happening).matched && evaluate(policy, happening).matched
}
