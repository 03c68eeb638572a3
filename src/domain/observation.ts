import { type Aspects, type FieldChange, fieldChanges, fieldKey, type Writers } from './aspects.ts'
import { canonical } from './projection/tree.ts'

/** Normalised state of a workload as an agent saw it. `number` grows by one with every observation that an agent makes of this uid. */
export interface Observation {
  uid: string
  number: number
  kind: string
  namespace: string
  name: string
  aspects: Aspects
  rollout: 'progressing' | 'healthy' | 'failed'
  /** of fields that no person wrote last; of all others nothing is said */
  writers?: Writers
  /** the run of ours that holds it, where it is known */
  run?: string
  /** the agent's time, ISO 8601 */
  at: string
}

/** All of an observation that is compared, as one text: where it is the same, nothing has changed. */
export function observedState({ kind, namespace, name, aspects, rollout }: Omit<Observation, 'number' | 'at'>): string {
  return canonical([kind, namespace, name, aspects, rollout])
}

/** What differs between two observations of one workload, and who wrote it. */
export function changesBetween(before: Observation, after: Observation): FieldChange[] {
  return fieldChanges(before.aspects, after.aspects).map((change) => {
    const by = after.writers?.[fieldKey(change.aspect, change.key)]
    return by === undefined ? change : { ...change, by }
  })
}

/** What counts where no policy says otherwise: images, by the name of the container, init containers and sidecars included. */
export function imageChanges(before: Observation, after: Observation): FieldChange[] {
  return changesBetween(before, after).filter(({ aspect }) => aspect === 'image')
}

/** Whether something changed, and a run of ours made all of it. */
export function isMadeByRun(before: Observation, after: Observation): boolean {
  const changes = changesBetween(before, after)
  return changes.length > 0 && changes.every(({ by }) => by === 'run')
}

export const OPT_IN = 'litmuschaos.io/gitops'
export const WORKFLOW_ANNOTATIONS = ['litmuschaos.io/workflow', 'litmuschaos.io/experimentId'] as const

/** The workflows (names or ids) that an opted-in workload asks for; null when it has not opted in. */
export function askedWorkflows({ annotations = {} }: Aspects): string[] | null {
  if (annotations[OPT_IN] !== 'true') return null
  const asked = WORKFLOW_ANNOTATIONS.flatMap((key) => (annotations[key] ?? '').split(','))
  return [...new Set(asked.map((name) => name.trim()).filter((name) => name !== ''))]
}

/** `shop/deployment/cart`, as people and ids name a workload. */
export function workloadLabel(workload: { kind: string; name: string }): string {
  return `${workload.kind.toLowerCase()}/${workload.name}`
}
