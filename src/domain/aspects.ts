/**
 * The parts of a workload in which a change is told. Each is a flat map from a key to a text that is equal when, and
 * only when, the part means the same; keys of containers begin with the container's name.
 */
export const ASPECTS = [
  /** container → image */
  'image',
  /** `replicas` → number */
  'replicas',
  /** container/NAME → hash of the value, or of where it comes from */
  'env',
  /** container → hash */
  'command',
  'args',
  /** container/limits.cpu → quantity in its base unit */
  'resources',
  /** container/liveness, readiness, startup → hash */
  'probes',
  /** volume → hash of what it is; container/path → what is mounted there */
  'volumes',
  /** configmap/name, secret/name → hash of the content; asked for by policies */
  'config',
  /** field of the pod → hash */
  'scheduling',
  'security',
  /** of the workload */
  'labels',
  'annotations',
  /** of its pod template */
  'pod-labels',
  'pod-annotations',
  /** `restartedAt` → when a person asked for new pods */
  'restart',
  /** container → digest that runs; asked for by policies */
  'digest',
  /** expression → its value, as JSON where it is no text, its hash where it is long; asked for by policies */
  'path'
] as const
export type Aspect = (typeof ASPECTS)[number]

export type Fields = Readonly<Record<string, string>>
export type Aspects = Readonly<Partial<Record<Aspect, Fields>>>

/** What is held only where a policy asks for it: a key that was not asked for before has no value to compare with. */
const ON_DEMAND: ReadonlySet<Aspect> = new Set(['config', 'digest', 'path'])

/** Who wrote a field last, where it was no person: a run of ours, or an autoscaler. */
export const WRITERS = ['run', 'autoscaler'] as const
export type Writer = (typeof WRITERS)[number]
/** `replicas/replicas`, `env/cart/LEVEL` */
export type FieldKey = `${Aspect}/${string}`
export type Writers = Readonly<Record<FieldKey, Writer>>

export function fieldKey(aspect: Aspect, key: string): FieldKey {
  return `${aspect}/${key}`
}

export interface FieldChange {
  aspect: Aspect
  key: string
  /** null: it was not there */
  before: string | null
  /** null: it is gone */
  after: string | null
  /** not there: a person, as far as anybody knows */
  by?: Writer
}

/** What differs between two states of one workload, in the order of ASPECTS and of the keys; empty = nothing. */
export function fieldChanges(before: Aspects, after: Aspects): FieldChange[] {
  return ASPECTS.flatMap((aspect) => {
    const [one, other] = [before[aspect], after[aspect]]
    if (ON_DEMAND.has(aspect)) return changesOf(aspect, shared(one, other), shared(other, one))
    return changesOf(aspect, one ?? {}, other ?? {})
  })
}

function changesOf(aspect: Aspect, before: Fields, after: Fields): FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return keys
    .map((key) => ({ aspect, key, before: fieldOf(before, key), after: fieldOf(after, key) }))
    .filter((change) => change.before !== change.after)
}

function shared(fields: Fields = {}, other: Fields = {}): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => Object.hasOwn(other, key)))
}

function fieldOf(fields: Fields, key: string): string | null {
  return Object.hasOwn(fields, key) ? (fields[key] ?? null) : null
}
