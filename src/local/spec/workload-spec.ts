import { label } from './container-spec.ts'
import type { ManifestReader } from './manifest-reader.ts'
import { type PodSpec, pod } from './pod-spec.ts'

export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const
export type WorkloadKind = (typeof WORKLOAD_KINDS)[number]

interface Common {
  namespace: string
  name: string
  labels: Record<string, string>
  annotations: Record<string, string>
  replicas: number
  /** the manifest, as changes of the spec leave it: what observers look into */
  object: Readonly<Record<string, unknown>>
  selector: Record<string, string>
  template: PodSpec
  /** a rollout that has not moved for so long has failed */
  progressSeconds: number
  warnings: string[]
}

export interface DeploymentSpec extends Common {
  kind: 'Deployment'
  maxSurge: number
  maxUnavailable: number
}

export interface StatefulSetSpec extends Common {
  kind: 'StatefulSet'
  /** OnDelete: a pod gets the new template when it is deleted, not before */
  update: UpdateWay
  /** pods below this ordinal keep the template that they have */
  partition: number
  /** pods come and go all at once, not one after another */
  parallel: boolean
  /** names of the volumes that each pod has for itself and that outlive it */
  claims: string[]
}

export interface DaemonSetSpec extends Common {
  kind: 'DaemonSet'
  update: UpdateWay
  maxSurge: number
  maxUnavailable: number
}

export type WorkloadSpec = DeploymentSpec | StatefulSetSpec | DaemonSetSpec

const UPDATE_WAYS = ['RollingUpdate', 'OnDelete'] as const
type UpdateWay = (typeof UPDATE_WAYS)[number]

type Head = { namespace: string; name: string }

export function workload(reader: ManifestReader, kind: WorkloadKind, head: Head): WorkloadSpec {
  if (kind === 'Deployment') return deployment(reader, head)
  return kind === 'StatefulSet' ? statefulSet(reader, head) : daemonSet(reader, head)
}

function deployment(reader: ManifestReader, head: Head): DeploymentSpec {
  const spec = reader.at('spec')
  if (spec.at('strategy').at('type').text('RollingUpdate') !== 'RollingUpdate')
    throw spec.at('strategy').at('type').error('must be RollingUpdate on a local infrastructure')
  const replicas = replicasOf(spec)
  const rolling = spec.at('strategy').at('rollingUpdate')
  return {
    kind: 'Deployment',
    ...common(reader, head, []),
    replicas,
    maxSurge: share(rolling.at('maxSurge'), { of: replicas, otherwise: 1, round: Math.ceil }),
    maxUnavailable: share(rolling.at('maxUnavailable'), { of: replicas, otherwise: 0, round: Math.floor })
  }
}

function statefulSet(reader: ManifestReader, head: Head): StatefulSetSpec {
  const spec = reader.at('spec')
  const claims = spec
    .at('volumeClaimTemplates')
    .items()
    .map((claim) => label(claim.at('metadata').at('name')))
  const policy = choice(spec.at('podManagementPolicy'), ['OrderedReady', 'Parallel'] as const)
  const rolling = spec.at('updateStrategy').at('rollingUpdate')
  const made = common(reader, head, claims)
  const ignored = [
    ...(rolling.at('maxUnavailable').missing ? [] : ['updateStrategy.rollingUpdate.maxUnavailable']),
    ...(spec.at('persistentVolumeClaimRetentionPolicy').missing ? [] : ['persistentVolumeClaimRetentionPolicy'])
  ]
  return {
    kind: 'StatefulSet',
    ...made,
    replicas: replicasOf(spec),
    update: updateWay(spec),
    partition: rolling.at('partition').integer({ min: 0, max: 100, otherwise: 0 }),
    parallel: policy === 'Parallel',
    claims,
    warnings: [...made.warnings, ...ignored.map((key) => `${key} has no effect on a local infrastructure`)]
  }
}

function daemonSet(reader: ManifestReader, head: Head): DaemonSetSpec {
  const spec = reader.at('spec')
  const rolling = spec.at('updateStrategy').at('rollingUpdate')
  const surge = share(rolling.at('maxSurge'), { of: 1, otherwise: 0, round: Math.ceil })
  return {
    kind: 'DaemonSet',
    ...common(reader, head, []),
    // one for each node, and here is one
    replicas: 1,
    update: updateWay(spec),
    maxSurge: surge,
    maxUnavailable: share(rolling.at('maxUnavailable'), { of: 1, otherwise: surge > 0 ? 0 : 1, round: Math.ceil })
  }
}

function common(reader: ManifestReader, head: Head, claims: readonly string[]): Omit<Common, 'replicas'> {
  const spec = reader.at('spec')
  const matchLabels = spec.at('selector').at('matchLabels')
  const selector = matchLabels.texts()
  const { spec: template, warnings } = pod(spec.at('template'), claims)
  if (Object.keys(selector).length === 0) throw matchLabels.error('is empty')
  for (const [key, value] of Object.entries(selector)) {
    if (template.labels[key] !== value)
      throw matchLabels.error(`has ${key}=${value}, the labels of the template do not`)
  }
  return {
    ...head,
    object: reader.tree(),
    labels: reader.at('metadata').at('labels').texts(),
    annotations: reader.at('metadata').at('annotations').texts(),
    selector,
    template,
    progressSeconds: spec.at('progressDeadlineSeconds').number({ min: 1, max: 3600, otherwise: 60 }),
    warnings
  }
}

export const REPLICAS = { min: 0, max: 100, otherwise: 1 }

function replicasOf(spec: ManifestReader): number {
  return spec.at('replicas').integer(REPLICAS)
}

function updateWay(spec: ManifestReader): UpdateWay {
  return choice(spec.at('updateStrategy').at('type'), UPDATE_WAYS)
}

/** the first one where nothing is said */
function choice<T extends string>(reader: ManifestReader, known: readonly [T, ...T[]]): T {
  const text = reader.text(known[0])
  const found = known.find((one) => one === text)
  if (found === undefined) throw reader.error(`must be ${known.join(' or ')}`)
  return found
}

/** A number of pods, or a percentage of the replicas. */
function share(
  reader: ManifestReader,
  how: { of: number; otherwise: number; round: (value: number) => number }
): number {
  const raw = reader.raw()
  if (typeof raw === 'string' && /^\d{1,3}%$/.test(raw)) return how.round((how.of * Number.parseInt(raw, 10)) / 100)
  return reader.integer({ min: 0, max: 100, otherwise: how.otherwise })
}
