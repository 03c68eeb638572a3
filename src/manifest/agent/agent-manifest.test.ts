import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { ClusterRight, FaultSchema } from '../../domain/index.ts'
import { type AgentPod, agentManifest, agentNamespace } from './agent-manifest.ts'
import type { RoleRule } from './agent-rules.ts'

const fault = (...rights: ClusterRight[]): FaultSchema => ({
  ...{ name: 'harm', title: 'Harm', description: '', tunables: [], infrastructures: {}, proof: 'effect' },
  rights
})
const pod: AgentPod = {
  namespace: 'faultline-shop',
  watched: null,
  nodeFaults: false,
  watch: [],
  faults: [],
  argo: null,
  server: new URL('https://faultline.example.com'),
  image: 'faultline:1',
  token: 'once'
}

interface Read {
  kind: string
  metadata: { name: string; namespace?: string }
  rules?: RoleRule[]
  [field: string]: unknown
}

const objects = (change: Partial<AgentPod> = {}) =>
  parseAllDocuments(agentManifest({ ...pod, ...change })).map((document) => document.toJS() as Read)
const names = (read: Read[]) =>
  read.map(
    ({ kind, metadata: { name, namespace } }) => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
  )

it('for the whole cluster the work is a ClusterRole, and what the agent keeps a Role of its own', () => {
  expect(names(objects())).toEqual([
    'Namespace faultline-shop',
    'ServiceAccount faultline-shop/faultline-agent',
    'Secret faultline-shop/faultline-agent-key',
    'Lease faultline-shop/faultline-agent',
    'ClusterRole faultline-shop',
    'ClusterRoleBinding faultline-shop',
    'Role faultline-shop/faultline-agent',
    'RoleBinding faultline-shop/faultline-agent',
    'Secret faultline-shop/faultline-agent-token',
    'Deployment faultline-shop/faultline-agent'
  ])
})

it('for one namespace nothing reaches beyond it', () => {
  const read = objects({ watched: 'shop' })
  expect(names(read).filter((name) => name.startsWith('Cluster'))).toEqual([])
  expect(names(read)).toContain('Role shop/faultline-shop')
  expect(JSON.stringify(read.at(-1))).toContain('"args":["agent","--namespace","shop"]')
})

it('a role has what the faults need, each right once, and never a wildcard', () => {
  const rights = [
    { group: '', resource: 'pods', verbs: ['delete', 'list'] },
    { group: '', resource: 'nodes', verbs: ['get', 'patch'] }
  ]
  const rules = objects({ faults: [fault(...rights), fault(...rights)] }).flatMap((object) => object.rules ?? [])
  expect(rules.filter(({ resources }) => resources[0] === 'pods')).toEqual([
    { apiGroups: [''], resources: ['pods'], verbs: ['list', 'delete'] }
  ])
  expect(rules).toContainEqual({ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'patch'] })
  expect(JSON.stringify(rules)).not.toContain('*')
  const secrets = rules.filter(({ resources }) => resources.includes('secrets'))
  expect(secrets).toEqual([
    expect.objectContaining({ resourceNames: ['faultline-agent-key'], verbs: ['get', 'patch'] })
  ])
})

it('rights for faults on whole nodes are there only where they are allowed', () => {
  const right = { group: '', resource: 'nodes', verbs: ['patch'] }
  const faults = [{ ...fault(right), harms: 'nodes' as const }]
  expect(JSON.stringify(objects({ faults }))).not.toContain('"nodes"')
  expect(JSON.stringify(objects({ faults, nodeFaults: true }))).toContain('"nodes"')
})

it('a further kind is in the role and in the arguments', () => {
  const watch = ['argoproj.io/v1alpha1/Rollout', 'example.com/v1/Fleet:spec.pods.template']
  const read = objects({ watch })
  const rules = read.flatMap((object) => object.rules ?? [])
  expect(rules).toContainEqual({ apiGroups: ['argoproj.io'], resources: ['rollouts'], verbs: ['list', 'watch'] })
  expect(rules).toContainEqual({ apiGroups: ['example.com'], resources: ['fleets'], verbs: ['list', 'watch'] })
  expect(JSON.stringify(read.at(-1))).toContain(`"args":["agent","--watch","${watch[0]}","--watch","${watch[1]}"]`)
})

it('whatever the texts hold, they stay texts', () => {
  const odd = 'a: b\n---\nkind: Pod # "x"'
  const read = objects({ token: odd, image: odd })
  expect(read).toHaveLength(10)
  expect(read[8]).toMatchObject({ stringData: { token: odd } })
})

it('a namespace is a name that Kubernetes takes, however long that of the infrastructure is', () => {
  expect(agentNamespace('shop')).toBe('faultline-shop')
  expect(agentNamespace(`${'a'.repeat(52)}-${'b'.repeat(10)}`)).toBe(`faultline-${'a'.repeat(52)}`)
})

it('the rights for Argo Workflows are there where it is the engine, and those to make workflows in its namespace alone', () => {
  expect(JSON.stringify(objects())).not.toMatch(/argoproj|litmuschaos/)
  const read = objects({ argo: 'argo' })
  const makes = read.filter(({ rules = [] }) => rules.some(({ resources }) => resources.includes('workflows')))
  expect(makes.map(({ kind, metadata, rules }) => ({ kind, ...metadata, rules }))).toEqual([
    {
      kind: 'Role',
      name: 'faultline-shop-argo',
      namespace: 'argo',
      rules: [
        { apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['get', 'list', 'watch', 'create', 'patch'] },
        { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }
      ]
    }
  ])
  const rules = read.find(({ kind }) => kind === 'ClusterRole')?.rules ?? []
  expect(rules.filter(({ apiGroups }) => apiGroups[0] === 'litmuschaos.io')).toEqual([
    { apiGroups: ['litmuschaos.io'], resources: ['chaosengines'], verbs: ['list', 'watch', 'patch'] },
    { apiGroups: ['litmuschaos.io'], resources: ['chaosresults'], verbs: ['list', 'watch'] }
  ])
})
