import { at, type Observation, textAt, treesAt } from '../../domain/index.ts'

type Rollout = Observation['rollout']

/**
 * How far the rollout is of a kind that is watched by a setting. A generation that its controller tells of must be the
 * newest one; Argo tells it as a text. One of which nothing is known is healthy as soon as it is there.
 */
export function otherRolloutOf(kind: string, object: unknown): Rollout {
  const seen = at(object, 'status', 'observedGeneration')
  const behind = seen !== undefined && Number(seen) < Number(at(object, 'metadata', 'generation') ?? 0)
  if (behind) return 'progressing'
  switch (kind) {
    case 'CronJob':
      return 'healthy'
    case 'Job':
      return byConditions(object, { healthy: 'Complete', failed: 'Failed' })
    case 'Rollout':
      return PHASES[textAt(object, 'status', 'phase') ?? ''] ?? 'progressing'
    default:
      return readiness(object)
  }
}

/** Argo Rollouts: one that is paused in the middle of its steps goes on when a person or an analysis lets it. */
const PHASES: Readonly<Record<string, Rollout>> = { Healthy: 'healthy', Degraded: 'failed' }

function byConditions(object: unknown, words: { healthy: string; failed: string }): Rollout {
  if (conditionOf(object, words.failed) === 'True') return 'failed'
  return conditionOf(object, words.healthy) === 'True' ? 'healthy' : 'progressing'
}

/** As Knative and most controllers tell it: Ready or Available is True, or it is not yet; False is no end. */
function readiness(object: unknown): Rollout {
  const ready = conditionOf(object, 'Ready') ?? conditionOf(object, 'Available')
  return ready === undefined || ready === 'True' ? 'healthy' : 'progressing'
}

function conditionOf(object: unknown, type: string): string | undefined {
  return textAt(
    treesAt(object, 'status', 'conditions').find((condition) => condition.type === type),
    'status'
  )
}
