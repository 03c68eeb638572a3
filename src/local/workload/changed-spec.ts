import { AppError } from '../../platform/index.ts'
import { invalid, refText } from '../object-ref.ts'
import type { ContainerSpec } from '../spec/container-spec.ts'
import { requirePlain } from '../spec/manifest-reader.ts'
import { REPLICAS, type WorkloadSpec } from '../spec/workload-spec.ts'

/** as `kubectl rollout restart` does */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'

/** Other images, by the name of the container, init containers too. */
export function withImages(spec: WorkloadSpec, images: Readonly<Record<string, string>>): WorkloadSpec {
  const { init, containers } = spec.template
  const names = [...containers, ...init].map(({ name }) => name)
  for (const [name, image] of Object.entries(images)) {
    if (!names.includes(name)) throw invalid(`${refText(spec)} has no container ${name}; it has ${names.join(', ')}.`)
    requirePlain(image, () => invalid(`${refText(spec)}: the image of ${name} is not a text.`))
  }
  const changed = (all: ContainerSpec[]) => all.map((one) => ({ ...one, image: images[one.name] ?? one.image }))
  const template = { ...spec.template, init: changed(init), containers: changed(containers) }
  return { ...spec, template, object: objectWithImages(spec.object, images) }
}

export function withReplicas(spec: WorkloadSpec, replicas: number): WorkloadSpec {
  const { min, max } = REPLICAS
  if (spec.kind === 'DaemonSet') {
    const message = `${refText(spec)} cannot be scaled: a DaemonSet has one pod for each node, and a local infrastructure is one.`
    throw new AppError({ code: 'local/not-scalable', kind: 'invalid', message })
  }
  if (!Number.isInteger(replicas) || replicas < min || replicas > max)
    throw invalid(`${refText(spec)}: replicas must be a whole number from ${min} to ${max}.`)
  return { ...spec, replicas, object: setAt(spec.object, ['spec', 'replicas'], replicas) }
}

/** The same template once more: its pods are made anew. */
export function withRestart(spec: WorkloadSpec, now: Date): WorkloadSpec {
  const restartedAt = now.toISOString()
  const object = setAt(spec.object, ['spec', 'template', 'metadata', 'annotations', RESTARTED_AT], restartedAt)
  return { ...spec, template: { ...spec.template, restartedAt }, object }
}

type Manifest = WorkloadSpec['object']

function objectWithImages(object: Manifest, images: Readonly<Record<string, string>>): Manifest {
  return ['initContainers', 'containers'].reduce((changed, list) => {
    const path = ['spec', 'template', 'spec', list]
    const containers = getAt(changed, path)
    if (!Array.isArray(containers)) return changed
    return setAt(
      changed,
      path,
      containers.map((one) => ({ ...one, image: images[one.name] ?? one.image }))
    )
  }, object)
}

function getAt(object: unknown, [key, ...rest]: readonly string[]): unknown {
  return key === undefined ? object : getAt(mapOf(object)[key], rest)
}

function setAt(object: unknown, [key, ...rest]: readonly string[], value: unknown): Manifest {
  const map = mapOf(object)
  if (key === undefined) return map
  return { ...map, [key]: rest.length === 0 ? value : setAt(map[key], rest, value) }
}

function mapOf(value: unknown): Manifest {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Manifest) : {}
}
