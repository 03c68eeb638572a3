import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { faultSchemas } from '../../src/faults/index.ts'
import { agentManifest } from '../../src/manifest/index.ts'
import type { KubeObject } from '../../tools/testbed/kube-api.ts'
import { AppliedManifest } from '../cluster/applied-manifest.ts'
import { APPS, CORE, type Deployment } from '../cluster/workloads.ts'
import { type PolicyRule, type TestNamespace, testNamespace } from '../harness/cluster.ts'

/** The charts of `deploy/charts` are what the portal's manifest is, and a real API server takes them. */
const run = promisify(execFile)
const SERVER = 'https://faultline.example.com'
let namespace: TestNamespace
let home: string

beforeAll(async () => {
  namespace = await testNamespace('charts')
  const restricted = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } }
  await namespace.admin.patch(`${CORE}/namespaces/${namespace.name}`, restricted)
  home = await mkdtemp(join(tmpdir(), 'faultline-helm-'))
})
afterAll(async () => {
  await namespace.close()
  await rm(home, { recursive: true })
})

async function helm(verb: string, chart: string, values: object, ...more: string[]): Promise<string> {
  const env = { KUBECONFIG: namespace.kubeconfig, HOME: home, PATH: process.env.PATH }
  const given = Object.entries(values).flatMap(([name, value]) => ['--set-json', `${name}=${JSON.stringify(value)}`])
  const args = [verb, chart, join('deploy/charts', chart), '--namespace', namespace.name, ...given, ...more]
  return (await run(inject('helm'), args, { env })).stdout
}

/** as a cluster of today has it */
const rendered = (chart: string, values: object) => helm('template', chart, values, '--kube-version', '1.33.0')

const documents = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as KubeObject)

/** By kind and name; of a role what it grants, however it is cut into rules. */
function comparable(text: string): Record<string, unknown> {
  const objects = documents(text).filter(({ kind }) => kind !== 'Namespace')
  return Object.fromEntries(
    objects.map(({ rules, ...object }) => {
      const { kind, metadata } = object
      const granted = rules === undefined ? {} : { rules: [...new Set((rules as PolicyRule[]).flatMap(rights))].sort() }
      return [`${kind} ${metadata.name}`, { ...object, ...granted }]
    })
  )
}

function rights({ apiGroups, resources, resourceNames = ['*'], verbs }: PolicyRule): string[] {
  return verbs.flatMap((verb) => resourceNames.map((name) => `${verb} ${apiGroups} ${resources} ${name}`))
}

it.each([
  ['a whole cluster', {}],
  ['a whole cluster and its nodes', { nodeFaults: true }],
  ['one namespace', { watched: 'shop' }],
  ['a cluster with Argo', { argo: 'argo' }],
  [
    'a cluster with further kinds',
    { watch: ['argoproj.io/v1alpha1/Rollout', 'x.io/v1/Policy:spec.pods', 'x.io/v1/Mesh'] }
  ]
])('the agent of %s is the same by chart and by the manifest of the portal', async (_, change) => {
  const account = { watched: null, nodeFaults: false, argo: null, watch: [], ...change }
  const { watched, argo, ...same } = account
  const values = { ...same, server: `${SERVER}/`, token: 'once: "x"', namespace: watched ?? '', argo: argo ?? '' }
  const by = { ...account, namespace: namespace.name, faults: faultSchemas, token: values.token }
  const manifest = agentManifest({ ...by, server: new URL(SERVER), image: 'faultline:0.1.0' })
  expect(comparable(await rendered('faultline-agent', values))).toEqual(comparable(manifest))
})

it('its account gets the rights of the faults that are named, and no more', async () => {
  const text = await rendered('faultline-agent', { server: SERVER, faults: ['rollout-restart'] })
  const role = documents(text).find(({ kind }) => kind === 'ClusterRole')
  const granted = ((role?.rules ?? []) as PolicyRule[]).flatMap(rights)
  expect(granted.filter((right) => right.startsWith('delete'))).toEqual([])
  expect(granted).toContain('patch apps deployments *')
})

it.each([
  ['faultline-agent', {}, 'server'],
  ['faultline-agent', { server: SERVER, tokn: 'x' }, 'tokn'],
  ['faultline-agent', { server: SERVER, faults: ['node-drain'] }, 'there is no node-drain here'],
  ['faultline-agent', { server: SERVER, namespace: 'shop', nodeFaults: true }, 'nodes are of no namespace'],
  ['faultline', {}, 'publicUrl'],
  ['faultline', { publicUrl: SERVER, replicas: 2 }, 'needs a PostgreSQL of your own'],
  ['faultline', { publicUrl: SERVER, database: { secret: 'db' } }, 'secretKey.secret'],
  ['faultline', { publicUrl: SERVER, settings: { POSTGRES: 'x' } }, 'POSTGRES']
])('%s with %j is refused, and says why', async (chart, values, why) => {
  await expect(rendered(chart, values)).rejects.toThrow(why)
})

it.each([
  ['faultline-agent', { server: SERVER, token: 'once', egressAllow: ['10.0.0.0/8'], allowCommands: true }],
  ['faultline', { publicUrl: SERVER, ingress: { enabled: true, className: 'nginx' }, storage: { size: '1Gi' } }],
  [
    'faultline',
    {
      publicUrl: SERVER,
      replicas: 2,
      database: { secret: 'db' },
      secretKey: { secret: 'key' },
      metricsToken: { secret: 'metrics' },
      settings: { FAULTLINE_LOG_LEVEL: 'debug' }
    }
  ]
])('the API server takes every object of %s with %j', async (chart, values) => {
  await new AppliedManifest(namespace, await rendered(chart, values)).tried()
})

it('both are installed in a namespace of the standard restricted; an upgrade leaves the key of the agent alone', async () => {
  const wait = ['--wait', '--timeout', '50s']
  const values = { server: SERVER, token: 'once', namespace: namespace.name }
  await helm('install', 'faultline-agent', values, ...wait)
  const secret = namespace.in(CORE, 'secrets/faultline-agent-key')
  await namespace.admin.patch(secret, { data: { 'agent-key.json': 'e30=' } })
  await helm('upgrade', 'faultline-agent', { ...values, token: '', replicas: 3 }, ...wait)
  expect(await namespace.admin.get(secret)).toMatchObject({ data: { 'agent-key.json': 'e30=' } })
  await helm(
    'install',
    'faultline',
    { publicUrl: SERVER, database: { secret: 'db' }, secretKey: { secret: 'key' } },
    ...wait
  )
  const ready = async (name: string) =>
    (await namespace.admin.get<Deployment>(namespace.in(APPS, `deployments/${name}`))).status?.availableReplicas
  expect([await ready('faultline-agent'), await ready('faultline')]).toEqual([3, 1])
})
