import { AppError } from '../../platform/index.ts'
import { invalid, refText } from '../object-ref.ts'
import type { ContainerSpec } from '../spec/container-spec.ts'
import { requirePlain } from '../spec/manifest-reader.ts'
import { REPLICAS, type WorkloadSpec } from '../spec/workload-spec.ts'

/** Other images, by the name of the container, init containers too. */
export function withImages(spec: WorkloadSpec, images: Readonly<Record<string, string>>): WorkloadSpec {
  const { init, containers } = spec.template
  const names = [...containers, ...init].map(({ name }) => name)
  for (const [name, image] of Object.entries(images)) {
    if (!names.includes(name)) throw invalid(`${refText(spec)} has no container ${name}; it has ${names.join(', ')}.`)
    requirePlain(image, () => invalid(`${refText(spec)}: the image of ${name} is not a text.`))
  }
  const changed = (all: ContainerSpec[]) => all.map((one) => ({ ...one, image: images[one.name] ?? one.image }))
  return { ...spec, template: { ...spec.template, init: changed(init), containers: changed(containers) } }
}

export function withReplicas(spec: WorkloadSpec, replicas: number): WorkloadSpec {
  const { min, max } = REPLICAS
  if (spec.kind === 'DaemonSet') {
    const message = `${refText(spec)} cannot be scaled: a DaemonSet has one pod for each node, and a local infrastructure is one.`
    throw new AppError({ code: 'local/not-scalable', kind: 'invalid', message })
  }
  if (!Number.isInteger(replicas) || replicas < min || replicas > max)
    throw invalid(`${refText(spec)}: replicas must be a whole number from ${min} to ${max}.`)
  return { ...spec, replicas }
}

/** The same template once more: its pods are made anew. */
export function withRestart(spec: WorkloadSpec, now: Date): WorkloadSpec {
  return { ...spec, template: { ...spec.template, restartedAt: now.toISOString() } }
}
