import { type Static, Type } from 'typebox'
import { DnsLabel, Id, InfrastructureKindWord, Nullable, OneOf, Time } from './shape.ts'

const EnvironmentWord = OneOf(['prod', 'non-prod'] as const)

/** Of Kubernetes labels: a name that an Argo controller calls itself by. */
const InstanceId = Type.String({ minLength: 1, maxLength: 63, pattern: '^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$' })

/** What executes runs there: the agent itself, or Argo Workflows. */
export const EngineChoice = Type.Union([
  Type.Object({ kind: Type.Literal('builtin') }, { additionalProperties: false }),
  Type.Object(
    {
      kind: Type.Literal('argo'),
      /** of the Workflows: the agent's own where it is connected for one; else `argo` if not said */
      namespace: Type.Optional(DnsLabel),
      /** of Argo's controller, where it has one */
      instance: Type.Optional(Nullable(InstanceId))
    },
    { additionalProperties: false }
  )
])
export type EngineChoice = Static<typeof EngineChoice>

const EngineOfPlace = Type.Union([
  Type.Object({ kind: Type.Literal('builtin') }),
  Type.Object({ kind: Type.Literal('argo'), namespace: Type.String(), instance: Nullable(Type.String()) })
])

export const InfrastructureBody = Type.Object({
  name: DnsLabel,
  kind: InfrastructureKindWord,
  environment: Type.Optional(EnvironmentWord),
  /** of a cluster: the only namespace that the agent is to observe; all if not said */
  namespace: Type.Optional(DnsLabel),
  /** of a whole cluster: runs of this project may harm whole nodes, and the manifest has the rights for it; not if not said */
  nodeFaults: Type.Optional(Type.Boolean()),
  /** of a cluster; builtin if not said */
  engine: Type.Optional(EngineChoice),
  /** of a cluster: kinds beside Deployment, StatefulSet and DaemonSet that the agent is to observe, `GROUP/VERSION/KIND[:path.to.template]` */
  watch: Type.Optional(Type.Array(Type.String({ maxLength: 600 }), { maxItems: 20 }))
})
export type InfrastructureBody = Static<typeof InfrastructureBody>

/** What is left out stays as it is; the name before stays an alias. */
export const InfrastructureChange = Type.Object({
  name: Type.Optional(DnsLabel),
  environment: Type.Optional(EnvironmentWord),
  nodeFaults: Type.Optional(Type.Boolean()),
  engine: Type.Optional(EngineChoice)
})
export type InfrastructureChange = Static<typeof InfrastructureChange>

export const Infrastructure = Type.Object({
  id: Id,
  name: Type.String(),
  /** names that it had before: files may still name it by them */
  aliases: Type.Array(Type.String()),
  kind: InfrastructureKindWord,
  environment: EnvironmentWord,
  /** of a cluster: the only one that its agent observes; null = all */
  namespace: Nullable(Type.String()),
  engine: EngineOfPlace,
  isDefault: Type.Boolean(),
  /** owners of this project rename, remove and register it */
  manages: Type.Boolean(),
  /** a registration token was made and not used yet */
  awaited: Type.Boolean(),
  connected: Type.Boolean(),
  seenAt: Nullable(Time),
  agentVersion: Nullable(Type.String()),
  /** its agent lets probes run commands */
  allowCommands: Type.Boolean(),
  /** runs of the project that manages it may harm whole nodes */
  nodeFaults: Type.Boolean(),
  /** of a cluster: kinds beside Deployment, StatefulSet and DaemonSet that its agent observes */
  watch: Type.Array(Type.String()),
  /** that its agent watches */
  workloads: Type.Integer(),
  /** that have not ended, of all projects */
  liveRuns: Type.Integer()
})
export type Infrastructure = Static<typeof Infrastructure>

/** The registration token is shown once, here; of a cluster also the manifest that holds it, as YAML for `kubectl apply`. */
export const CreatedInfrastructure = Type.Object({
  infrastructure: Infrastructure,
  registrationToken: Type.String(),
  manifest: Nullable(Type.String())
})
export type CreatedInfrastructure = Static<typeof CreatedInfrastructure>

/** As an admin of the server sees it. */
export const ServerInfrastructure = Type.Object({
  id: Id,
  name: Type.String(),
  kind: InfrastructureKindWord,
  environment: EnvironmentWord,
  connected: Type.Boolean(),
  seenAt: Nullable(Time),
  agentVersion: Nullable(Type.String()),
  /** projects whose runs may go there; one of them manages it */
  grants: Type.Array(Type.Object({ project: Type.String(), manages: Type.Boolean() }))
})
export type ServerInfrastructure = Static<typeof ServerInfrastructure>
