import { AGENT_LEASE, AGENT_SECRET, type ClusterRight, type FaultSchema } from '../../domain/index.ts'

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

/** Undo records, the key, and whose turn it is. */
const KEEPS: readonly ClusterRight[] = [
  { group: '', resource: 'configmaps', verbs: ['list', 'create', 'update', 'delete'] },
  { group: '', resource: 'secrets', name: AGENT_SECRET, verbs: ['get', 'patch'] },
  { group: 'coordination.k8s.io', resource: 'leases', name: AGENT_LEASE, verbs: ['get', 'update'] }
]

/** What an agent may do where it observes and where runs may harm: as much as these faults need. */
export function workRules(faults: readonly FaultSchema[]): RoleRule[] {
  return rulesOf([...OBSERVES, ...faults.flatMap(({ rights = [] }) => rights)])
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
