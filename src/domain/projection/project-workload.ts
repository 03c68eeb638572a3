import type { Aspects, Fields } from '../aspects.ts'
import { argumentsOf, containerSecurity, environment, images, mounts, probes, resources } from './containers.ts'
import { containersOf, podTemplate } from './pod-template.ts'
import { at, canonical, type Tree, textsAt, treesAt } from './tree.ts'

export interface ProjectionTools {
  /** one-way: what is told of values that may be secrets */
  hash: (text: string) => string
  /** the value of an expression (JMESPath) in an object; undefined = nothing is there */
  search: (expression: string, object: unknown) => unknown
  /** where the pod template is; null = where its kind has it */
  template: readonly string[] | null
}

/** A value of a path that is longer than this is told as its hash. */
const LONGEST_VALUE = 256
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'

/** Written by tools about their own work: a change of them is none, and the first holds the whole manifest, secrets included. */
const OF_TOOLS = ['kubectl.kubernetes.io/last-applied-configuration', 'deployment.kubernetes.io/revision']

const SCHEDULING = [
  'affinity',
  'nodeName',
  'nodeSelector',
  'priorityClassName',
  'runtimeClassName',
  'schedulerName',
  'tolerations',
  'topologySpreadConstraints'
]
const SECURITY = [
  'automountServiceAccountToken',
  'hostIPC',
  'hostNetwork',
  'hostPID',
  'securityContext',
  'serviceAccountName'
]

/**
 * What of a workload (an object of Kubernetes with a pod template, of whatever kind) is compared. Objects come from
 * outside: whatever their shape is, there is an answer. `paths` are the expressions that policies ask for.
 */
export function projectWorkload(object: unknown, paths: readonly string[], tools: ProjectionTools): Aspects {
  const template = podTemplate(object, tools.template)
  const containers = containersOf(template)
  const { [RESTARTED_AT]: restartedAt, ...podAnnotations } = textsAt(template, 'metadata', 'annotations')
  const aspects: Aspects = {
    image: images(containers),
    replicas: replicas(object),
    env: environment(containers, tools.hash),
    command: argumentsOf(containers, 'command', tools.hash),
    args: argumentsOf(containers, 'args', tools.hash),
    resources: resources(containers),
    probes: probes(containers, tools.hash),
    volumes: { ...volumes(template, tools.hash), ...mounts(containers) },
    scheduling: podFields(template, SCHEDULING, tools.hash),
    security: { ...podFields(template, SECURITY, tools.hash), ...containerSecurity(containers, tools.hash) },
    labels: textsAt(object, 'metadata', 'labels'),
    annotations: annotations(object),
    'pod-labels': textsAt(template, 'metadata', 'labels'),
    'pod-annotations': podAnnotations,
    restart: restartedAt === undefined ? {} : { restartedAt },
    path: Object.fromEntries(paths.map((path) => [path, valueText(tools.search(path, object), tools.hash)]))
  }
  return withoutEmpty(aspects)
}

function annotations(object: unknown): Fields {
  const pairs = Object.entries(textsAt(object, 'metadata', 'annotations'))
  return Object.fromEntries(pairs.filter(([key]) => !OF_TOOLS.includes(key)))
}

function replicas(object: unknown): Fields {
  const asked = at(object, 'spec', 'replicas')
  return typeof asked === 'number' ? { replicas: String(asked) } : {}
}

function volumes(template: Tree, hash: (text: string) => string): Fields {
  const pairs = treesAt(template, 'spec', 'volumes').map(({ name, ...what }): [string, string] => [
    typeof name === 'string' ? name : '',
    hash(canonical(what))
  ])
  return Object.fromEntries(pairs)
}

function podFields(template: Tree, names: readonly string[], hash: (text: string) => string): Fields {
  const found = names.filter((name) => at(template, 'spec', name) !== undefined)
  return Object.fromEntries(found.map((name) => [name, hash(canonical(at(template, 'spec', name)))]))
}

function valueText(value: unknown, hash: (text: string) => string): string {
  const text = typeof value === 'string' ? value : canonical(value ?? null)
  return text.length <= LONGEST_VALUE ? text : hash(text)
}

/** What is observed is kept and sent for each workload: what is empty is left out. Paths that were asked for stay. */
function withoutEmpty(aspects: Aspects): Aspects {
  const entries = Object.entries(aspects) as [string, Fields][]
  return Object.fromEntries(entries.filter(([, fields]) => Object.keys(fields).length > 0))
}
