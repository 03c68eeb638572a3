import { type Aspect, type FieldKey, fieldKey, type Writer, type Writers } from '../aspects.ts'
import { at, isTree, type Tree, textAt, treeAt, treesAt } from './tree.ts'

/** The name by which our own writes are known in `metadata.managedFields`. */
export const OWN_MANAGER = 'faultline'
/** Who sets replicas through the scale subresource by themselves: the HPA (in the controller manager), KEDA, other autoscalers. */
const AUTOSCALERS = /^(kube-controller-manager|keda.*|.*autoscaler.*)$/
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'
/** an expression that is a plain path: `spec.replicas` */
const PLAIN = /^[A-Za-z_][\w]*(\.[A-Za-z_][\w]*)*$/

/**
 * Which fields of a workload were written last by a run of ours, or by an autoscaler, as `metadata.managedFields`
 * (`fieldsV1`) tells. Total for whatever an object looks like. `paths` are the expressions that policies ask for.
 */
export function writersOf(object: unknown, paths: readonly string[]): Writers {
  const writers: Record<FieldKey, Writer> = {}
  for (const entry of treesAt(object, 'metadata', 'managedFields')) {
    const [manager, subresource] = [textAt(entry, 'manager') ?? '', textAt(entry, 'subresource')]
    const fields = treeAt(entry, 'fieldsV1')
    if (manager === OWN_MANAGER && subresource !== 'status')
      for (const key of keysIn(fields, paths)) writers[key] = 'run'
    else if (subresource === 'scale' && AUTOSCALERS.test(manager) && has(fields, 'f:spec', 'f:replicas'))
      writers['replicas/replicas'] = 'autoscaler'
  }
  return writers
}

function keysIn(fields: Tree, paths: readonly string[]): FieldKey[] {
  const template = treeAt(fields, 'f:spec', 'f:template')
  const pod = treeAt(template, 'f:spec')
  const annotations = names(treeAt(template, 'f:metadata', 'f:annotations'))
  return [
    ...(has(fields, 'f:spec', 'f:replicas') ? ['replicas/replicas' as const] : []),
    ...keyed('labels', names(treeAt(fields, 'f:metadata', 'f:labels'))),
    ...keyed('annotations', names(treeAt(fields, 'f:metadata', 'f:annotations'))),
    ...keyed('pod-labels', names(treeAt(template, 'f:metadata', 'f:labels'))),
    ...keyed('pod-annotations', annotations),
    ...(annotations.includes(RESTARTED_AT) ? ['restart/restartedAt' as const] : []),
    ...keyed('scheduling', names(pod)),
    ...keyed('security', names(pod)),
    ...[...named(treeAt(pod, 'f:initContainers')), ...named(treeAt(pod, 'f:containers'))].flatMap(containerKeys),
    ...keyed(
      'path',
      paths.filter((path) => PLAIN.test(path) && has(fields, ...path.split('.').map(asField)))
    )
  ]
}

function containerKeys([container, fields]: Named): FieldKey[] {
  const below = (aspect: 'env' | 'resources' | 'probes', keys: readonly string[]) =>
    keyed(
      aspect,
      keys.map((key) => `${container}/${key}`)
    )
  return [
    ...(['image', 'command', 'args'] as const).flatMap((aspect) =>
      asField(aspect) in fields ? keyed(aspect, [container]) : []
    ),
    ...below(
      'env',
      named(treeAt(fields, 'f:env')).map(([name]) => name)
    ),
    ...below(
      'resources',
      ['requests', 'limits'].flatMap((group) =>
        names(treeAt(fields, 'f:resources', asField(group))).map((name) => `${group}.${name}`)
      )
    ),
    ...below(
      'probes',
      ['liveness', 'readiness', 'startup'].filter((probe) => `f:${probe}Probe` in fields)
    )
  ]
}

type Named = readonly [name: string, fields: Tree]

/** Items of a list that are told apart by their name: `k:{"name":"cart"}`. */
function named(list: Tree): Named[] {
  return Object.entries(list).flatMap(([key, fields]): Named[] => {
    const name = /^k:\{"name":"([^"\\]*)"\}$/.exec(key)?.[1]
    return name === undefined || !isTree(fields) ? [] : [[name, fields]]
  })
}

function keyed(aspect: Aspect, keys: readonly string[]): FieldKey[] {
  return keys.map((key) => fieldKey(aspect, key))
}

function names(fields: Tree): string[] {
  return Object.keys(fields).flatMap((key) => (key.startsWith('f:') ? [key.slice(2)] : []))
}

function asField(name: string): string {
  return `f:${name}`
}

function has(fields: Tree, ...keys: readonly string[]): boolean {
  return at(fields, ...keys) !== undefined
}
