import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { chaosWorkflow } from './chaos-workflow.ts'
import { ClusterStage, PROJECT } from './cluster-agent.ts'
import { APPS, CORE, deployment, rolledOut } from './workloads.ts'

/** Probes of runs on a cluster ask its real API server, with no more than the rights of the agent, and whatever answers by HTTP. */
let namespace: TestNamespace
let stage: ClusterStage

beforeEach(async () => {
  namespace = await testNamespace('probe')
  stage = await ClusterStage.make(namespace)
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 2))
  await rolledOut(namespace, 'web', 2)
})
afterEach(async () => {
  await stage.close()
  await namespace.close()
})

const SHORT = { TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '2' }

interface Asked {
  mode?: string
  data?: string
  type?: string
  inputs: object
}

/** Asks for a run with these probes, by their names. */
async function asked(probes: Record<string, Asked>) {
  const all = Object.entries(probes).map(([name, { mode = 'SOT', data, type = 'k8sProbe', inputs }]) => ({
    ...{ name, type, mode, [`${type}/inputs`]: inputs, ...(data !== undefined && { data }) },
    runProperties: { probeTimeout: '5s', interval: '1s', attempt: 1 }
  }))
  const step = { namespace: namespace.name, label: 'app=web', env: SHORT, probes: all }
  await stage.addWorkflow('ask', chaosWorkflow('ask', step))
  return stage.api.startRun(PROJECT, 'ask')
}

/** The run with these probes, once it has ended. */
async function judged(probes: Record<string, Asked>) {
  await asked(probes)
  const run = await stage.ended()
  const { facts } = await stage.api.facts(PROJECT, run.id)
  const seen = facts.flatMap((fact) => (fact.type === 'probe-result' ? fact : []))
  return { run, of: (name: string) => seen.find(({ probe }) => probe === name) }
}

const pods = (more: object) => ({ version: 'v1', resource: 'pods', namespace: namespace.name, ...more })

it('objects are there or not, by selectors and by names, in every mode; a right that is missing is named', async () => {
  await stage.startAgent()
  const apps = { group: 'apps', version: 'v1', namespace: namespace.name }
  const { run, of } = await judged({
    running: { mode: 'Edge', inputs: pods({ fieldSelector: 'status.phase=Running', operation: 'present' }) },
    named: {
      mode: 'Continuous',
      inputs: { ...apps, resource: 'deployments', resourceNames: 'web', operation: 'present' }
    },
    during: { mode: 'OnChaos', inputs: pods({ labelSelector: 'app=web', operation: 'present' }) },
    nobody: { mode: 'EOT', inputs: pods({ labelSelector: 'app=nobody', operation: 'absent' }) },
    gone: { mode: 'EOT', inputs: pods({ resourceNames: 'web-0', operation: 'present' }) },
    secrets: { mode: 'EOT', inputs: { ...pods({ operation: 'absent' }), resource: 'secrets' } }
  })
  for (const name of ['running', 'named', 'during', 'nobody']) expect(of(name), name).toMatchObject({ verdict: 'pass' })
  expect(of('gone')).toMatchObject({ verdict: 'fail', evidence: expect.stringContaining('none found (wanted it)') })
  const lacks = `lacks the right to list secrets in namespace ${namespace.name}`
  expect(of('secrets')).toMatchObject({ verdict: 'fail', evidence: expect.stringContaining(lacks) })
  expect(run).toMatchObject({ phase: 'completed', verdict: 'fail', recovery: 'clean' })
})

it('objects are made and deleted only where commands are allowed', async () => {
  await stage.startAgent()
  const asking = asked({ extra: { inputs: pods({ labelSelector: 'app=web', operation: 'delete' }) } })
  await expect(asking).rejects.toThrow('makes or deletes objects, which infrastructure cluster does not allow')
})

it('where they are allowed; what is the agent’s own is left alone', async () => {
  await stage.startAgent('agent', ['--allow-commands'])
  const maps = { version: 'v1', resource: 'configmaps', namespace: namespace.name }
  const data = (labels: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: extra, labels: { ${labels} } }\n`
  const own = { metadata: { name: 'own', labels: { 'faultline.dev/record': 'kept' } } }
  await namespace.admin.create(namespace.in(CORE, 'configmaps'), own)
  const { of } = await judged({
    made: { data: data('a: b'), inputs: { ...maps, operation: 'create' } },
    forged: { mode: 'EOT', data: data('faultline.dev/record: undo'), inputs: { ...maps, operation: 'create' } },
    own: { mode: 'EOT', inputs: { ...maps, labelSelector: 'faultline.dev/record', operation: 'delete' } },
    deleted: { mode: 'EOT', inputs: { ...maps, resourceNames: 'extra', operation: 'delete' } }
  })
  expect(of('made')).toMatchObject({ verdict: 'pass' })
  expect(of('forged')).toMatchObject({ verdict: 'fail', evidence: expect.stringContaining('cannot be made') })
  expect(of('own')).toMatchObject({ verdict: 'fail', evidence: expect.stringContaining("is the agent's own") })
  expect(of('deleted')).toMatchObject({ verdict: 'pass' })
  const left = await namespace.admin.list(namespace.in(CORE, 'configmaps'))
  const names = left.map(({ metadata }) => metadata.name)
  expect(names).toContain('own')
  expect(names).not.toContain('extra')
})

it('a namespace that the guardrails deny is not changed', async () => {
  await stage.startAgent('agent', ['--allow-commands'])
  const { run } = await judged({
    system: { inputs: { ...pods({ labelSelector: 'a=b', operation: 'delete' }), namespace: 'kube-system' } }
  })
  expect(JSON.stringify(run)).toContain('probe system: namespace kube-system is on the built-in deny list')
})

it('a promProbe and an httpProbe judge what answers at their addresses', async () => {
  const queries: string[] = []
  const prometheus = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://prometheus')
    queries.push(url.searchParams.get('query') ?? '')
    const result = [{ metric: {}, value: [Date.now() / 1000, '0.25'] }]
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }))
  })
  prometheus.listen(0, '127.0.0.1')
  await once(prometheus, 'listening')
  const { port } = prometheus.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}`
  try {
    await stage.startAgent('agent', [], { FAULTLINE_EGRESS_ALLOW: `127.0.0.1:${port}` })
    const query = 'sum(rate(http_requests_total{code="500"}[1m]))'
    const below = (value: string) => ({ endpoint, query, comparator: { criteria: '<=', value } })
    const { of } = await judged({
      few: { mode: 'Continuous', type: 'promProbe', inputs: below('0.5') },
      none: { mode: 'EOT', type: 'promProbe', inputs: below('0') },
      page: {
        mode: 'Edge',
        type: 'httpProbe',
        inputs: { url: endpoint, method: { get: { criteria: '==', responseCode: '200' } } }
      }
    })
    expect(of('few')).toMatchObject({ verdict: 'pass' })
    expect(of('none')).toMatchObject({ verdict: 'fail', evidence: expect.stringContaining('0.25 (wanted <= 0)') })
    expect(of('page')).toMatchObject({ verdict: 'pass' })
    expect(queries).toContain(query)
  } finally {
    prometheus.closeAllConnections()
    prometheus.close()
  }
})
