import { stringify } from 'yaml'
import { AGENT_LEASE, AGENT_SECRET, type FaultSchema, readWatchedKind } from '../../domain/index.ts'
import { argoRules, ownRules, type RoleRule, workRules } from './agent-rules.ts'

const NAME = 'faultline-agent'
const TOKEN_SECRET = 'faultline-agent-token'
const RBAC = 'rbac.authorization.k8s.io'
const LONGEST_NAME = 63

export interface AgentAccount {
  /** of the agent itself: one of its own, for each agent */
  namespace: string
  /** the only namespace that it observes and works in; null = the whole cluster */
  watched: string | null
  /** beside them, those that harm whole nodes */
  nodeFaults: boolean
  /** kinds beside Deployment, StatefulSet and DaemonSet that it observes, as `--watch` takes them */
  watch: readonly string[]
  /** that it may do */
  faults: readonly FaultSchema[]
  /** the namespace of Argo's workflows; null = the agent executes runs itself */
  argo: string | null
}

export interface AgentPod extends AgentAccount {
  server: URL
  image: string
  /** the one-time token that registers it */
  token: string
}

/** An object of Kubernetes. */
export type KubeManifest = Readonly<Record<string, unknown>>

/** The namespace of the agent of this infrastructure. */
export function agentNamespace(infrastructure: string): string {
  return `faultline-${infrastructure}`.slice(0, LONGEST_NAME).replace(/-+$/, '')
}

/** Who the agent is in the cluster, and what it may do there: least privilege. */
export function agentAccount(account: AgentAccount): KubeManifest[] {
  const { namespace, watched, nodeFaults, watch, faults, argo } = account
  const done = faults.filter(({ harms }) => harms !== 'nodes' || nodeFaults)
  const further = watch.flatMap((text) => readWatchedKind(text) ?? [])
  const rules = workRules(done, { argo: argo !== null, further })
  const metadata = { name: NAME, namespace }
  const far = watched === null ? { name: namespace } : { name: namespace, namespace: watched }
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: RESTRICTED } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    // empty: the agent puts its key in
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: AGENT_SECRET, namespace }, type: 'Opaque' },
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: AGENT_LEASE, namespace } },
    ...granted(watched === null ? 'ClusterRole' : 'Role', far, rules, namespace),
    ...(argo === null ? [] : granted('Role', { name: `${namespace}-argo`, namespace: argo }, argoRules(), namespace)),
    ...granted('Role', metadata, ownRules(), namespace)
  ]
}

/** All that `kubectl apply` needs to start the agent in a cluster, as one YAML stream. It holds the token. */
export function agentManifest(pod: AgentPod): string {
  const { namespace, token } = pod
  const metadata = { name: TOKEN_SECRET, namespace }
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: { token } }
  return manifestText([...agentAccount(pod), secret, deployment(pod)])
}

export function manifestText(objects: readonly KubeManifest[]): string {
  return objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n')
}

const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' }

function granted(
  kind: 'Role' | 'ClusterRole',
  metadata: { name: string; namespace?: string },
  rules: readonly RoleRule[],
  namespace: string
): KubeManifest[] {
  const subjects = [{ kind: 'ServiceAccount', name: NAME, namespace }]
  const roleRef = { apiGroup: RBAC, kind, name: metadata.name }
  return [
    { apiVersion: `${RBAC}/v1`, kind, metadata, rules },
    { apiVersion: `${RBAC}/v1`, kind: `${kind}Binding`, metadata, roleRef, subjects }
  ]
}

function deployment(pod: AgentPod): KubeManifest {
  const labels = { 'app.kubernetes.io/name': NAME }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: pod.namespace, labels },
    spec: {
      // one works, the other stands by
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(pod, labels) }
    }
  }
}

function podSpec(pod: AgentPod, labels: Readonly<Record<string, string>>): object {
  return {
    serviceAccountName: NAME,
    // a node that is lost, or drained by a fault, leaves the other agent
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: labels }
      }
    ],
    // the variables of a Service named faultline would be taken for settings
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_532,
      fsGroup: 65_532,
      seccompProfile: { type: 'RuntimeDefault' }
    },
    containers: [container(pod)],
    volumes: [{ name: 'state', emptyDir: {} }]
  }
}

function container({ watched, watch, server, image }: AgentPod): object {
  const env = [
    { name: 'FAULTLINE_SERVER_URL', value: server.href },
    { name: 'FAULTLINE_AGENT_FOLDER', value: '/state' },
    {
      name: 'FAULTLINE_AGENT_TOKEN',
      // once the agent has its key, the token may be removed
      valueFrom: { secretKeyRef: { name: TOKEN_SECRET, key: 'token', optional: true } }
    }
  ]
  return {
    name: 'agent',
    image,
    args: [
      'agent',
      ...(watched === null ? [] : ['--namespace', watched]),
      ...watch.flatMap((kind) => ['--watch', kind])
    ],
    env,
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] }
    },
    volumeMounts: [{ name: 'state', mountPath: '/state' }]
  }
}
