/** Normalised state of a workload as an agent saw it. `number` grows by one with every observation that an agent makes of this uid. */
export interface Observation {
  uid: string
  number: number
  kind: string
  namespace: string
  name: string
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  /** by container name, init containers and sidecars included */
  images: Readonly<Record<string, string>>
  rollout: 'progressing' | 'healthy' | 'failed'
  /** the agent's time, ISO 8601 */
  at: string
}

export interface ImageChange {
  container: string
  /** null: the container is new */
  before: string | null
  /** null: the container is gone */
  after: string | null
}

/** What changed between two observations of one workload, images only; empty = nothing that counts by default. */
export function imageChanges(before: Observation['images'], after: Observation['images']): ImageChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names
    .map((container) => ({
      container,
      before: before[container] ?? null,
      after: after[container] ?? null
    }))
    .filter((change) => change.before !== change.after)
}

export const OPT_IN = 'litmuschaos.io/gitops'
export const WORKFLOW_ANNOTATIONS = ['litmuschaos.io/workflow', 'litmuschaos.io/experimentId'] as const

/** The workflows (names or ids) that an opted-in workload asks for; null when it has not opted in. */
export function askedWorkflows(annotations: Observation['annotations']): string[] | null {
  if (annotations[OPT_IN] !== 'true') return null
  const asked = WORKFLOW_ANNOTATIONS.flatMap((key) => (annotations[key] ?? '').split(','))
  return [...new Set(asked.map((name) => name.trim()).filter((name) => name !== ''))]
}

/** `shop/deployment/cart`, as people and ids name a workload. */
export function workloadLabel(workload: { kind: string; name: string }): string {
  return `${workload.kind.toLowerCase()}/${workload.name}`
}
