import { type ContainerSpec, container, containerWarnings, EPHEMERAL_STORAGE, label } from './container-spec.ts'
import type { ManifestReader } from './manifest-reader.ts'

export interface PodSpec {
  labels: Record<string, string>
  /** run to their end, one after another, before the others start */
  init: ContainerSpec[]
  containers: ContainerSpec[]
  /** names of its `emptyDir` volumes */
  volumes: string[]
  /** what it may write into its folder, the limits of its containers together; null = none has one */
  ephemeralStorageBytes: number | null
  graceSeconds: number
  /** when a person asked for new pods, ISO 8601; null = never */
  restartedAt: string | null
}

const MOST_CONTAINERS = 20

/** A pod template; `claims` are the volumes that its workload gives to it. */
export function pod(template: ManifestReader, claims: readonly string[]): { spec: PodSpec; warnings: string[] } {
  const reader = template.at('spec')
  const containers = reader.at('containers').items()
  const init = reader.at('initContainers').items()
  if (containers.length === 0) throw reader.at('containers').error('is empty')
  if (containers.length + init.length > MOST_CONTAINERS)
    throw reader.at('containers').error(`are more than ${MOST_CONTAINERS} with the init containers`)
  for (const one of init) requireFinite(one)
  const volumes = reader
    .at('volumes')
    .items()
    .filter((volume) => !volume.at('emptyDir').missing)
    .map((volume) => label(volume.at('name')))
  const spec: PodSpec = {
    labels: template.at('metadata').at('labels').texts(),
    init: init.map(container),
    containers: containers.map(container),
    volumes,
    ephemeralStorageBytes: sum(containers.map((one) => one.at('resources').at('limits').at(EPHEMERAL_STORAGE).bytes())),
    graceSeconds: reader.at('terminationGracePeriodSeconds').number({ min: 0, max: 300, otherwise: 5 }),
    restartedAt: null
  }
  requireDistinct(reader, spec)
  return { spec, warnings: warnings(reader, spec, claims) }
}

/** One that goes on running would be waited for for ever. */
function requireFinite(init: ManifestReader): void {
  if (!init.at('restartPolicy').missing)
    throw init.at('restartPolicy').error('is not known on a local infrastructure; list a sidecar in containers')
  if (!init.at('readinessProbe').missing) throw init.at('readinessProbe').error('has no meaning for an init container')
}

/** Names tell containers apart, and ports of the whole pod. */
function requireDistinct(reader: ManifestReader, { init, containers }: PodSpec): void {
  const all = [...init, ...containers]
  const twice = firstTwice(all.map(({ name }) => name))
  if (twice !== undefined) throw reader.at('containers').error(`have the name ${twice} twice`)
  const port = firstTwice(all.flatMap(({ ports }) => ports.flatMap(({ name }) => name ?? [])))
  if (port !== undefined) throw reader.at('containers').error(`have the port ${port} twice`)
}

function warnings(reader: ManifestReader, { volumes }: PodSpec, claims: readonly string[]): string[] {
  const ignored = ['nodeSelector', 'affinity', 'tolerations', 'securityContext', 'serviceAccountName', 'hostNetwork']
  const known = new Set([...volumes, ...claims])
  const all = [...reader.at('initContainers').items(), ...reader.at('containers').items()]
  const mounts = all.flatMap((one) => one.at('volumeMounts').items())
  const odd = mounts.map((mount) => mount.at('name').text()).filter((name) => !known.has(name))
  const found = [
    ...ignored.filter((key) => !reader.at(key).missing),
    ...all.flatMap(containerWarnings),
    ...odd.map((name) => `the volume ${name} (neither emptyDir nor a claim)`)
  ]
  return [...new Set(found)].map((what) => `${what} has no effect on a local infrastructure`)
}

function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index)
}

/** of those that there are */
function sum(limits: readonly (number | null)[]): number | null {
  const given = limits.filter((limit) => limit !== null)
  return given.length === 0 ? null : given.reduce((total, limit) => total + limit, 0)
}
