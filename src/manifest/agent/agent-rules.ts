import { AGENT_LEASE, AGENT_SECRET, type ClusterRight, type FaultSchema, type WatchedKind } from '../../domain/index.ts'

/** As in a Role or ClusterRole. */
export interface RoleRule {
  apiGroups: string[]
  resources: string[]
  resourceNames?: string[]
  verbs: string[]
}

/** Observing: what is watched, and the pods of a workload. */
const OBSERVES: readonly ClusterRight[] = [
  ...['deployments', 'statefulsets', 'daemonsets'].map((resource) => ({
    group: 'apps',
    resource,
    verbs: ['list', 'watch']
  })),
  { group: 'apps', resource: 'replicasets', verbs: ['list'] },
  { group: '', resource: 'pods', verbs: ['list'] }
]

/** Workflows: given to Argo, followed, stopped, and what a person said to their waits; what their pods say. */
const GIVES_TO_ARGO: readonly ClusterRight[] = [
  { group: 'argoproj.io', resource: 'workflows', verbs: ['get', 'list', 'watch', 'create', 'patch'] },
  { group: '', resource: 'pods/log', verbs: ['get'] }
]

/** What Litmus' operator makes of them: followed, and stopped. */
const FOLLOWS_LITMUS: readonly ClusterRight[] = [
  { group: 'litmuschaos.io', resource: 'chaosengines', verbs: ['list', 'watch', 'patch'] },
  { group: 'litmuschaos.io', resource: 'chaosresults', verbs: ['list', 'watch'] }
]

/** Undo records, the key, and whose turn it is. */
const KEEPS: readonly ClusterRight[] = [
  { group: '', resource: 'configmaps', verbs: ['list', 'create', 'update', 'delete'] },
  { group: '', resource: 'secrets', name: AGENT_SECRET, verbs: ['get', 'patch'] },
  { group: 'coordination.k8s.io', resource: 'leases', name: AGENT_LEASE, verbs: ['get', 'update'] }
]

/** Of an agent beside what it always does. */
interface Further {
  /** it gives runs to Argo Workflows */
  argo?: boolean
  /** kinds beside Deployment, StatefulSet and DaemonSet */
  further?: readonly WatchedKind[]
}

/** What an agent may do where it observes and where runs may harm: as much as these faults, and Argo Workflows, need. */
export function workRules(faults: readonly FaultSchema[], { argo = false, further = [] }: Further = {}): RoleRule[] {
  const litmus = argo ? FOLLOWS_LITMUS : []
  const watched = further.map(({ group, plural }) => ({ group, resource: plural, verbs: ['list', 'watch'] }))
  return rulesOf([...OBSERVES, ...watched, ...faults.flatMap(({ rights = [] }) => rights), ...litmus])
}

/** What an agent may do in the namespace of Argo's workflows, and nowhere else: they may be anything. */
export function argoRules(): RoleRule[] {
  return rulesOf(GIVES_TO_ARGO)
}

/** What one fault needs beyond observing. */
export function faultRules({ rights = [] }: FaultSchema): RoleRule[] {
  return rulesOf(rights)
}

/** What an agent may do in its own namespace. */
export function ownRules(): RoleRule[] {
  return rulesOf(KEEPS)
}

/** One rule for each resource, with all that is needed of it. */
function rulesOf(rights: readonly ClusterRight[]): RoleRule[] {
  const rules = new Map<string, RoleRule>()
  for (const { group, resource, name, verbs } of rights) {
    const key = JSON.stringify([group, resource, name])
    const known = rules.get(key)?.verbs ?? []
    rules.set(key, {
      apiGroups: [group],
      resources: [resource],
      ...(name !== undefined && { resourceNames: [name] }),
      verbs: [...new Set([...known, ...verbs])]
    })
  }
  return [...rules.values()]
}
