import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { CreatedInfrastructure, Run } from '../../src/contract/index.ts'
import type { ApiClient } from '../../src/demo/api-client.ts'
import { faultline, type Sibling, startSibling } from '../../src/demo/processes.ts'
import { SHOP_WORKFLOW, shopManifests } from '../../src/demo/shop/manifest.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { isFinal } from '../../src/domain/index.ts'
import { RealServer } from '../harness/real-server.ts'

/** A release is one run, once only, whatever is killed and started again around it: real server, agent, shop. */
const PROJECT = 'shop'
let server: RealServer
let api: ApiClient
let agent: Sibling
let agentEnv: Record<string, string | undefined>

beforeEach(async () => {
  server = await RealServer.make()
  await chmod(server.folder, 0o711)
  api = await server.start()
  await api.post('/projects', { id: PROJECT, name: 'Shop' })
  await api.createWorkflow(PROJECT, shopWorkflow(), 'Add it')
  const place = { name: 'laptop', kind: 'local' }
  const { registrationToken } = await api.post<CreatedInfrastructure>(`/projects/${PROJECT}/infrastructures`, place)
  const folder = join(server.folder, 'agent')
  await mkdir(folder, { mode: 0o700 })
  agentEnv = { PATH: process.env.PATH, FAULTLINE_SERVER_URL: server.url.href, FAULTLINE_AGENT_FOLDER: folder }
  await startAgent({ FAULTLINE_AGENT_TOKEN: registrationToken })
  await startShop()
})
afterEach(async () => {
  await agent.stop()
  await server.close()
})

async function startAgent(more: Record<string, string> = {}): Promise<void> {
  agent = startSibling('agent', ['agent', '--local'], {
    env: { ...agentEnv, ...more },
    log: join(server.folder, 'agent.log')
  })
  await expect.poll(() => deployments().catch(() => null), { timeout: 20_000 }).not.toBeNull()
}

async function deployments(): Promise<{ rollout: string; containers: { image: string }[] }[]> {
  const args = ['local', 'get', 'deployments', '--namespace', 'shop', '--output', 'json']
  return (JSON.parse(await faultline(args, agentEnv)) as { workloads: [] }).workloads
}

const healthy = () =>
  expect
    .poll(async () => (await deployments()).map(({ rollout }) => rollout), { timeout: 30_000 })
    .toEqual(['healthy', 'healthy', 'healthy'])

async function startShop(): Promise<void> {
  const file = join(server.folder, 'shop.yaml')
  await writeFile(file, shopManifests({ node: process.execPath }))
  await faultline(['local', 'apply', '-f', file], agentEnv)
  await healthy()
  await observed('shop/storefront:v1')
}

/** the server has it */
async function observed(image: string): Promise<void> {
  const workloads = async () => JSON.stringify(await api.get(`/projects/${PROJECT}/workloads`))
  await expect.poll(workloads, { timeout: 10_000 }).toContain(image)
}

async function release(version: string): Promise<void> {
  const image = `storefront=shop/storefront:${version}`
  await faultline(['local', 'set', 'image', 'deployment/storefront', image, '--namespace', 'shop'], agentEnv)
}

const runs = async () => (await api.get<{ items: Run[] }>(`/projects/${PROJECT}/runs`)).items

/** One run, of this change, that ends well; and still one when everything has settled. */
async function oneRun(before: string, after: string): Promise<void> {
  await expect.poll(async () => (await runs()).length, { timeout: 40_000 }).toBe(1)
  await expect.poll(async () => isFinal((await runs())[0]?.phase ?? 'queued'), { timeout: 60_000 }).toBe(true)
  await sleep(2_000)
  const all = await runs()
  expect(all).toHaveLength(1)
  expect(await api.run(PROJECT, all[0]?.id ?? '')).toMatchObject({
    recovery: 'clean',
    cause: {
      kind: 'workload-change',
      changes: [{ before: `shop/storefront:${before}`, after: `shop/storefront:${after}` }]
    },
    decision: { reason: expect.stringContaining('its rollout is healthy') }
  })
}

it('the server is down while the release happens', async () => {
  await server.kill()
  await release('v3')
  await healthy()
  api = await server.start()
  await oneRun('v1', 'v3')
  expect((await runs())[0]).toMatchObject({ phase: 'completed', verdict: 'pass', score: 100 })
})

it('a StatefulSet is released while the agent is killed', async () => {
  const file = join(server.folder, 'ledger.yaml')
  await writeFile(file, ledger())
  await faultline(['local', 'apply', '-f', file], agentEnv)
  const rolledOut = () => faultline(['local', 'rollout', 'status', 'statefulset/ledger', '-n', 'shop'], agentEnv)
  await rolledOut()
  await observed('shop/storefront:v1-ledger')
  const image = 'ledger=shop/storefront:v3-ledger'
  await faultline(['local', 'set', 'image', 'statefulset/ledger', image, '-n', 'shop'], agentEnv)
  process.kill(agent.pid, 'SIGKILL')
  await agent.ended
  await startAgent()
  await rolledOut()
  await oneRun('v1-ledger', 'v3-ledger')
  expect((await runs())[0]?.cause).toMatchObject({ workload: { kind: 'StatefulSet', name: 'ledger' } })
})

/** opted in, as the storefront is; its image is a name and nothing more */
function ledger(): string {
  const labels = { app: 'ledger' }
  const annotations = { 'litmuschaos.io/gitops': 'true', 'litmuschaos.io/workflow': SHOP_WORKFLOW }
  const containers = [{ name: 'ledger', image: 'shop/storefront:v1-ledger', command: ['sleep', '1000'] }]
  return stringify({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'ledger', namespace: 'shop', labels, annotations },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers } }
    }
  })
}

it('server and agent are both down after the release, and come back one after the other', async () => {
  await server.kill()
  await release('v3')
  process.kill(agent.pid, 'SIGKILL')
  await agent.ended
  api = await server.start()
  await sleep(1_000)
  await startAgent()
  await healthy()
  await oneRun('v1', 'v3')
})

it('the server is killed in the middle of the run, again and again', async () => {
  await release('v3')
  await expect.poll(async () => (await runs())[0]?.phase, { timeout: 30_000 }).toBe('running')
  for (let again = 0; again < 3; again++) {
    await server.kill()
    await sleep(500)
    api = await server.start()
    await sleep(1_000)
  }
  await oneRun('v1', 'v3')
  expect((await runs())[0]).toMatchObject({ phase: 'completed', verdict: 'pass', score: 100 })
})
