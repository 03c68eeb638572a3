import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Observation } from '../../src/domain/index.ts'
import { allChanges } from '../harness/all-changes.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

/** A cluster that goes wild: every change is kept and decided, and no more is started than the policy allows. */
const WORKLOADS = 50
const CHANGES = 100
const MOST_RUNS = 20
const PROJECT = 'wild'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const WORKFLOW = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: answer }
spec:
  entrypoint: all
  templates:
    - name: all
      suspend: { duration: 1s }
`
const POLICY = `apiVersion: faultline.dev/v1
kind: EventPolicy
metadata: { name: releases }
spec:
  workloads: {}
  rollout: { wait: false }
  limit: { runs: ${MOST_RUNS}, per: 24h }
  run: [{ workflow: answer }]
`

function observation(workload: number, number: number): Observation {
  return {
    ...{ uid: `u${workload}`, number, kind: 'Deployment', namespace: 'shop', name: `w${workload}` },
    aspects: { image: { app: `shop/app:v${number}` } },
    rollout: 'healthy',
    at: new Date().toISOString()
  }
}

it(`${WORKLOADS * CHANGES} changes at once: none is lost, none counts twice, the limit holds, and only the last states are kept`, {
  timeout: 300_000
}, async () => {
  await server.api.post('/projects', { id: PROJECT, name: 'Wild' })
  const agent = await PostedAgent.register(server, PROJECT, 'cluster')
  for (const text of [WORKFLOW, POLICY]) await server.api.createWorkflow(PROJECT, text, 'Add it')
  const policies = () => server.api.get<{ items: unknown[] }>(`/projects/${PROJECT}/policies`)
  await expect.poll(async () => (await policies()).items.length).toBe(1)

  const workloads = Array.from({ length: WORKLOADS }, (_, workload) => workload)
  for (let number = 1; number <= CHANGES + 1; number++)
    await agent.observe(...workloads.map((workload) => observation(workload, number)))

  const decided = async () => (await allChanges(server.api, PROJECT)).filter(({ state }) => state === 'decided').length
  await expect.poll(decided, { timeout: 240_000, interval: 2000 }).toBe(WORKLOADS * CHANGES)
  const all = await allChanges(server.api, PROJECT)
  const told = new Set(all.map(({ name, changes }) => `${name} ${changes.map(({ after }) => after)}`))
  expect(told.size).toBe(WORKLOADS * CHANGES)
  const decisions = all.flatMap((change) => change.decisions)
  expect(decisions).toHaveLength(WORKLOADS * CHANGES)
  expect(decisions.filter(({ outcome }) => outcome === 'triggered')).toHaveLength(MOST_RUNS)
  const others = new Set(decisions.filter(({ outcome }) => outcome !== 'triggered').map(({ reason }) => reason))
  expect([...others]).toEqual([`The limit of the policy is used up: ${MOST_RUNS} in 86400 s.`])
  const { items } = await agent.known('limit=200')
  expect(items.map(({ number }) => number)).toEqual(workloads.map(() => CHANGES + 1))
})
