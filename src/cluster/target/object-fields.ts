import { at, type Tree, textAt, textsAt, treesAt } from '../../domain/index.ts'
import type { ClusterField } from '../../engine/index.ts'

/** As `kubectl rollout restart` writes it. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'
const TEMPLATE = ['spec', 'template'] as const

/** What the field says in an object of the API server; null: it is not there. */
export function readField(object: unknown, field: ClusterField): string | null {
  switch (field.of) {
    case 'replicas':
      return String(at(object, 'spec', 'replicas') ?? 1)
    case 'image':
      return textAt(containerIn(object, field.container), 'image') ?? null
    case 'restart':
      return textsAt(object, ...TEMPLATE, 'metadata', 'annotations')[RESTARTED_AT] ?? null
    case 'selector':
      return textsAt(object, 'spec', 'selector')[field.label] ?? null
    case 'label':
      return textsAt(object, 'metadata', 'labels')[field.label] ?? null
    case 'unschedulable':
      return at(object, 'spec', 'unschedulable') === true ? 'true' : null
    case 'taint': {
      const taint = treesAt(object, 'spec', 'taints').find((one) => isTaint(one, field))
      return taint === undefined ? null : (textAt(taint, 'value') ?? '')
    }
  }
}

/** The merge patch that makes the field say this. Lists are replaced as a whole: the patch must hold to a version of the object. */
export function fieldPatch(object: unknown, field: ClusterField, to: string | null): Tree {
  switch (field.of) {
    case 'replicas':
      return { spec: { replicas: Number(to) } }
    case 'image':
      return inPodSpec(object, { containers: withImage(object, field.container, to) })
    case 'restart':
      return { spec: { template: { metadata: { annotations: { [RESTARTED_AT]: to } } } } }
    case 'selector':
      return { spec: { selector: { [field.label]: to } } }
    case 'label':
      return { metadata: { labels: { [field.label]: to } } }
    case 'unschedulable':
      return { spec: { unschedulable: to === null ? null : true } }
    case 'taint': {
      const { key, effect } = field
      const others = treesAt(object, 'spec', 'taints').filter((one) => !isTaint(one, field))
      return { spec: { taints: to === null ? others : [...others, { key, value: to, effect }] } }
    }
  }
}

/** Where the field lies: replicas have a way of their own, so that nothing but their number can be changed with its right. */
export function fieldPath(path: string, { of }: ClusterField): string {
  return of === 'replicas' ? `${path}/scale` : path
}

function isTaint(taint: Tree, { key, effect }: { key: string; effect: string }): boolean {
  return taint.key === key && taint.effect === effect
}

function isPod(object: unknown): boolean {
  return at(object, ...TEMPLATE) === undefined
}

function inPodSpec(object: unknown, spec: Tree): Tree {
  return isPod(object) ? { spec } : { spec: { template: { spec } } }
}

function containersOf(object: unknown): Tree[] {
  return treesAt(object, ...(isPod(object) ? [] : TEMPLATE), 'spec', 'containers')
}

function containerIn(object: unknown, name: string | null): Tree | undefined {
  const containers = containersOf(object)
  return name === null ? containers[0] : containers.find((one) => one.name === name)
}

function withImage(object: unknown, name: string | null, image: string | null): Tree[] {
  const chosen = containerIn(object, name)
  return containersOf(object).map((one) => (one === chosen ? { ...one, image } : one))
}
