import { AppError } from '../platform/index.ts'
import { ManifestReader } from './manifest-reader.ts'

export interface ProbeCheckSpec {
  kind: 'http' | 'tcp'
  path: string
  periodMs: number
  timeoutMs: number
  initialDelayMs: number
  failureThreshold: number
}

export interface PodSpec {
  labels: Record<string, string>
  container: { name: string; image: string; command: string[]; env: Record<string, string>; workingDir: string | null }
  readiness: ProbeCheckSpec | null
  /** what it may write into its folder, by its limits; null = no limit */
  ephemeralStorageBytes: number | null
  graceSeconds: number
}

export interface DeploymentSpec {
  kind: 'Deployment'
  namespace: string
  name: string
  labels: Record<string, string>
  annotations: Record<string, string>
  replicas: number
  selector: Record<string, string>
  template: PodSpec
  maxSurge: number
  maxUnavailable: number
  progressSeconds: number
  warnings: string[]
}

export interface ServiceSpec {
  kind: 'Service'
  namespace: string
  name: string
  selector: Record<string, string>
  nodePort: number | null
  warnings: string[]
}

export type ObjectSpec = DeploymentSpec | ServiceSpec

const EPHEMERAL_STORAGE = 'ephemeral-storage'
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_.-]*$/
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** One manifest as a Deployment or a Service; what would be silently without effect is refused or warned of. */
export function parseObject(manifest: unknown, position: number): ObjectSpec {
  const anonymous = new ManifestReader(manifest, `Object ${position + 1}`)
  const kind = anonymous.at('kind').text()
  const name = anonymous.at('metadata').at('name').text()
  const reader = new ManifestReader(manifest, `${kind}/${name}`)
  if (!NAME.test(name)) throw reader.at('metadata').at('name').error('is not a DNS label')
  const apiVersion = reader.at('apiVersion').text()
  if (kind === 'Deployment' && apiVersion === 'apps/v1') return deployment(reader, name)
  if (kind === 'Service' && apiVersion === 'v1') return service(reader, name)
  const message = `${kind}/${name} (${apiVersion}) cannot run on a local infrastructure. Deployment (apps/v1) and Service (v1) can.`
  throw new AppError({ code: 'local/unknown-kind', kind: 'invalid', message })
}

function deployment(reader: ManifestReader, name: string): DeploymentSpec {
  const spec = reader.at('spec')
  const selector = spec.at('selector').at('matchLabels').texts()
  const template = pod(spec.at('template'))
  if (Object.keys(selector).length === 0) throw spec.at('selector').at('matchLabels').error('is empty')
  for (const [key, value] of Object.entries(selector)) {
    if (template.labels[key] !== value)
      throw spec.at('selector').at('matchLabels').error(`has ${key}=${value}, the labels of the template do not`)
  }
  const replicas = spec.at('replicas').integer({ min: 0, max: 100, otherwise: 1 })
  if (spec.at('strategy').at('type').text('RollingUpdate') !== 'RollingUpdate')
    throw spec.at('strategy').at('type').error('must be RollingUpdate on a local infrastructure')
  const rolling = spec.at('strategy').at('rollingUpdate')
  return {
    kind: 'Deployment',
    ...head(reader, name),
    labels: reader.at('metadata').at('labels').texts(),
    annotations: reader.at('metadata').at('annotations').texts(),
    replicas,
    selector,
    template,
    maxSurge: share(rolling.at('maxSurge'), { of: replicas, otherwise: 1, round: Math.ceil }),
    maxUnavailable: share(rolling.at('maxUnavailable'), { of: replicas, otherwise: 0, round: Math.floor }),
    progressSeconds: spec.at('progressDeadlineSeconds').number({ min: 1, max: 3600, otherwise: 60 }),
    warnings: warnings(spec.at('template'))
  }
}

function service(reader: ManifestReader, name: string): ServiceSpec {
  const spec = reader.at('spec')
  const selector = spec.at('selector').texts()
  if (Object.keys(selector).length === 0) throw spec.at('selector').error('is empty')
  const ports = spec.at('ports').items()
  const [port] = ports
  if (port === undefined || ports.length > 1) throw spec.at('ports').error('must name exactly one port')
  port.at('port').integer({ min: 1, max: 65_535 })
  const nodePort = port.at('nodePort').missing ? null : port.at('nodePort').integer({ min: 1, max: 65_535 })
  return { kind: 'Service', ...head(reader, name), selector, nodePort, warnings: [] }
}

function head(reader: ManifestReader, name: string): { namespace: string; name: string } {
  const namespace = reader.at('metadata').at('namespace').text('default')
  if (!NAME.test(namespace)) throw reader.at('metadata').at('namespace').error('is not a DNS label')
  return { namespace, name }
}

function pod(template: ManifestReader): PodSpec {
  const containers = template.at('spec').at('containers').items()
  const [container] = containers
  if (container === undefined) throw template.at('spec').at('containers').error('is empty')
  if (containers.length > 1)
    throw template.at('spec').at('containers').error('has several containers; a local pod has one')
  if (!template.at('spec').at('initContainers').missing)
    throw template.at('spec').at('initContainers').error('cannot run on a local infrastructure')
  const argv = [...container.at('command').items(), ...container.at('args').items()].map((part) => part.text())
  if (argv.length === 0)
    throw container.at('command').error('is missing: a local pod is a process, and needs to be told which')
  if (!container.at('envFrom').missing)
    throw container.at('envFrom').error('is not known on a local infrastructure; give the values in env')
  const workingDir = container.at('workingDir')
  return {
    labels: template.at('metadata').at('labels').texts(),
    container: {
      name: container.at('name').text(),
      image: container.at('image').text(),
      command: argv,
      env: environment(container.at('env')),
      workingDir: workingDir.missing ? null : workingDir.text()
    },
    readiness: readiness(container.at('readinessProbe')),
    ephemeralStorageBytes: container.at('resources').at('limits').at(EPHEMERAL_STORAGE).bytes(),
    graceSeconds: template.at('spec').at('terminationGracePeriodSeconds').number({ min: 0, max: 300, otherwise: 5 })
  }
}

function environment(list: ManifestReader): Record<string, string> {
  const env: Record<string, string> = {}
  for (const entry of list.items()) {
    const name = entry.at('name').text()
    if (!VARIABLE.test(name)) throw entry.at('name').error('is not the name of a variable')
    if (!entry.at('valueFrom').missing)
      throw entry.at('valueFrom').error('is not known on a local infrastructure; give a value')
    env[name] = entry.at('value').text('')
  }
  return env
}

function readiness(probe: ManifestReader): ProbeCheckSpec | null {
  if (probe.missing) return null
  const http = probe.at('httpGet')
  if (http.missing && probe.at('tcpSocket').missing) throw probe.error('must be httpGet or tcpSocket')
  const seconds = (key: string, otherwise: number) => 1000 * probe.at(key).number({ min: 0, max: 3600, otherwise })
  const path = http.at('path').text('/')
  if (!path.startsWith('/') || /[\s\r\n]/.test(path)) throw http.at('path').error('is not a path')
  return {
    kind: http.missing ? 'tcp' : 'http',
    path,
    periodMs: Math.max(50, seconds('periodSeconds', 1)),
    timeoutMs: Math.max(50, seconds('timeoutSeconds', 1)),
    initialDelayMs: seconds('initialDelaySeconds', 0),
    failureThreshold: probe.at('failureThreshold').integer({ min: 1, max: 1000, otherwise: 3 })
  }
}

function warnings(template: ManifestReader): string[] {
  const [container] = template.at('spec').at('containers').items()
  if (container === undefined) return []
  const ignored = ['livenessProbe', 'startupProbe', 'volumeMounts', 'securityContext', 'lifecycle'].filter(
    (key) => !container.at(key).missing
  )
  const resources = ['requests', 'limits'].flatMap((group) => {
    const names = container.at('resources').at(group).keys()
    return names.filter((name) => name !== EPHEMERAL_STORAGE).map((name) => `resources.${group}.${name}`)
  })
  return [...ignored, ...resources].map((key) => `${key} has no effect on a local infrastructure`)
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
