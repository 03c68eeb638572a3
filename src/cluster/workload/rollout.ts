import { at, type Observation, textAt, treesAt } from '../../domain/index.ts'
import { otherRolloutOf } from './other-rollouts.ts'

type Rollout = Observation['rollout']

/**
 * How far a workload's rollout is. What its status says counts only once its controller has seen the newest spec
 * (`observedGeneration`); before, the rollout has only begun. As `kubectl rollout status` judges, and stricter: a
 * Deployment is healthy when no old replica is left and all are available. Total for whatever an object looks like.
 */
export function rolloutOf(kind: string, object: unknown): Rollout {
  const behind = numberAt(object, 'status', 'observedGeneration') < numberAt(object, 'metadata', 'generation')
  switch (kind) {
    case 'Deployment':
      return behind ? 'progressing' : deploymentRollout(object)
    case 'StatefulSet':
      return behind ? 'progressing' : statefulSetRollout(object)
    case 'DaemonSet':
      return behind ? 'progressing' : daemonSetRollout(object)
    default:
      return otherRolloutOf(kind, object)
  }
}

/** One that is paused with an old template waits until it goes on. */
function deploymentRollout(object: unknown): Rollout {
  const progressing = treesAt(object, 'status', 'conditions').find(({ type }) => type === 'Progressing')
  if (textAt(progressing, 'reason') === 'ProgressDeadlineExceeded') return 'failed'
  const desired = desiredOf(object)
  const all = ['replicas', 'updatedReplicas', 'availableReplicas'].map((field) => numberAt(object, 'status', field))
  return all.every((count) => count === desired) ? 'healthy' : 'progressing'
}

/** With a partition only the pods from that ordinal on are to be of the new template. */
function statefulSetRollout(object: unknown): Rollout {
  const desired = desiredOf(object)
  const updated = numberAt(object, 'status', 'updatedReplicas')
  const partition = numberAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition')
  if (numberAt(object, 'status', 'readyReplicas') < desired) return 'progressing'
  if (partition > 0) return updated >= desired - partition ? 'healthy' : 'progressing'
  const [current, update] = [textAt(object, 'status', 'currentRevision'), textAt(object, 'status', 'updateRevision')]
  return update === undefined || current === update || updated === desired ? 'healthy' : 'progressing'
}

/** With OnDelete the pods are replaced when somebody deletes them: until then the rollout goes on. */
function daemonSetRollout(object: unknown): Rollout {
  const desired = numberAt(object, 'status', 'desiredNumberScheduled')
  const all = ['updatedNumberScheduled', 'numberAvailable'].map((field) => numberAt(object, 'status', field))
  return all.every((count) => count === desired) ? 'healthy' : 'progressing'
}

/** Replicas asked for: one, where nothing is said. */
export function desiredOf(object: unknown): number {
  const asked = at(object, 'spec', 'replicas')
  return typeof asked === 'number' ? asked : 1
}

export function numberAt(object: unknown, ...keys: readonly string[]): number {
  const found = at(object, ...keys)
  return typeof found === 'number' ? found : 0
}
