import type { ManifestReader } from './manifest-reader.ts'

export interface ContainerPort {
  name: string | null
  /** as the manifest has it; the process listens on another one */
  number: number
}

export interface ReadinessSpec {
  kind: 'http' | 'tcp'
  path: string
  /** name or number of a port of the container; null = its first one */
  port: PortRef
  periodMs: number
  timeoutMs: number
  initialDelayMs: number
  failureThreshold: number
}

export type PortRef = string | number | null

export interface ContainerSpec {
  name: string
  image: string
  command: string[]
  env: Record<string, string>
  workingDir: string | null
  ports: ContainerPort[]
  readiness: ReadinessSpec | null
  /** names of the volumes that it mounts */
  volumes: string[]
}

export const EPHEMERAL_STORAGE = 'ephemeral-storage'
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_.-]*$/
/** a DNS label, as names of objects, containers, ports and volumes are */
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

export function container(reader: ManifestReader): ContainerSpec {
  const argv = [...reader.at('command').items(), ...reader.at('args').items()].map((part) => part.text())
  if (argv.length === 0)
    throw reader.at('command').error('is missing: a local pod is a process, and needs to be told which')
  if (!reader.at('envFrom').missing)
    throw reader.at('envFrom').error('is not known on a local infrastructure; give the values in env')
  const workingDir = reader.at('workingDir')
  return {
    name: label(reader.at('name')),
    image: reader.at('image').text(),
    command: argv,
    env: environment(reader.at('env')),
    workingDir: workingDir.missing ? null : workingDir.text(),
    ports: reader.at('ports').items().map(port),
    readiness: readiness(reader.at('readinessProbe')),
    volumes: reader
      .at('volumeMounts')
      .items()
      .map((mount) => mount.at('name').text())
  }
}

/** What of it is without effect. */
export function containerWarnings(reader: ManifestReader): string[] {
  const ignored = ['livenessProbe', 'startupProbe', 'securityContext', 'lifecycle'].filter(
    (key) => !reader.at(key).missing
  )
  const resources = ['requests', 'limits'].flatMap((group) => {
    const names = reader.at('resources').at(group).keys()
    return names.filter((name) => name !== EPHEMERAL_STORAGE).map((name) => `resources.${group}.${name}`)
  })
  return [...ignored, ...resources]
}

/** name or number of a port */
export function portRef(reader: ManifestReader): PortRef {
  if (reader.missing) return null
  return typeof reader.raw() === 'string' ? label(reader) : reader.integer({ min: 1, max: 65_535 })
}

export function label(reader: ManifestReader): string {
  const text = reader.text()
  if (!NAME.test(text)) throw reader.error('is not a DNS label')
  return text
}

function port(reader: ManifestReader): ContainerPort {
  const name = reader.at('name')
  return {
    name: name.missing ? null : label(name),
    number: reader.at('containerPort').integer({ min: 1, max: 65_535 })
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

function readiness(probe: ManifestReader): ReadinessSpec | null {
  if (probe.missing) return null
  const http = probe.at('httpGet')
  if (http.missing && probe.at('tcpSocket').missing) throw probe.error('must be httpGet or tcpSocket')
  const seconds = (key: string, otherwise: number) => 1000 * probe.at(key).number({ min: 0, max: 3600, otherwise })
  const path = http.at('path').text('/')
  if (!path.startsWith('/') || /[\s\r\n]/.test(path)) throw http.at('path').error('is not a path')
  return {
    kind: http.missing ? 'tcp' : 'http',
    path,
    port: portRef((http.missing ? probe.at('tcpSocket') : http).at('port')),
    periodMs: Math.max(50, seconds('periodSeconds', 1)),
    timeoutMs: Math.max(50, seconds('timeoutSeconds', 1)),
    initialDelayMs: seconds('initialDelaySeconds', 0),
    failureThreshold: probe.at('failureThreshold').integer({ min: 1, max: 1000, otherwise: 3 })
  }
}
