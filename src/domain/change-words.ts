import type { Aspect, FieldChange } from './aspects.ts'

/** "the image of deployment/cart changed from shop/cart:v1 to shop/cart:v2" */
export function changeSentence(workload: string, change: FieldChange): string {
  const { aspect, key, before, after } = change
  if (aspect === 'image') return imageSentence(workload, change)
  const what = `${NOUNS[aspect](key)} of ${workload}`
  if (before === null) return `${what} was added${shown(aspect, after)}`
  if (after === null) return `${what} was removed`
  if (HASHED.has(aspect)) return `${what} changed`
  return `${what} changed from ${before} to ${after}`
}

function imageSentence(workload: string, { key, before, after }: FieldChange): string {
  if (before === null) return `container ${key} (${after}) was added to ${workload}`
  if (after === null) return `container ${key} (${before}) was removed from ${workload}`
  return `the image of ${workload} changed from ${before} to ${after}`
}

function shown(aspect: Aspect, value: string | null): string {
  return HASHED.has(aspect) ? '' : ` (${value})`
}

/** Their values are hashes: nobody reads those. */
const HASHED: ReadonlySet<Aspect> = new Set([
  'env',
  'command',
  'args',
  'probes',
  'volumes',
  'config',
  'scheduling',
  'security'
])

const NOUNS: Record<Aspect, (key: string) => string> = {
  image: (container) => `the image of container ${container}`,
  replicas: () => 'the number of replicas',
  env: (key) => `the variable ${key}`,
  command: (container) => `the command of container ${container}`,
  args: (container) => `the arguments of container ${container}`,
  resources: (key) => `the resource ${key}`,
  probes: (key) => `the probe ${key}`,
  volumes: (key) => `the volume ${key}`,
  config: (key) => `the content of ${key}`,
  scheduling: (key) => `the scheduling field ${key}`,
  security: (key) => `the security field ${key}`,
  labels: (key) => `the label ${key}`,
  annotations: (key) => `the annotation ${key}`,
  'pod-labels': (key) => `the pod label ${key}`,
  'pod-annotations': (key) => `the pod annotation ${key}`,
  restart: () => 'the time of the last restart',
  digest: (container) => `the running digest of container ${container}`,
  path: (expression) => `the value at ${expression}`
}
