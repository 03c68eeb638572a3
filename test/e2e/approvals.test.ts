import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CreatedInfrastructure, Run } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import type { Fact } from '../../src/domain/index.ts'
import { startAgent } from '../browser/shop.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

/** A fault that is tried again, a person who is asked, and an exit handler, by a real agent on real processes. */
const TEXT = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: careful }
spec:
  entrypoint: chaos
  onExit: tidy-up
  templates:
    - name: chaos
      steps:
        - [{ name: slow, template: latency }]
        - [{ name: ask, template: approval }]
        - [{ name: after, template: breath }]
    - name: tidy-up
      steps:
        - [{ name: always, template: breath }]
        - [{ name: look-again, template: breath, when: "{{workflow.status}} != Succeeded" }]
    - { name: approval, suspend: {} }
    - { name: breath, suspend: { duration: 100ms } }
    - name: latency
      retryStrategy: { limit: "20", backoff: { duration: "500ms" } }
      inputs:
        artifacts:
          - name: engine
            path: /tmp/engine.yaml
            raw:
              data: |
                apiVersion: litmuschaos.io/v1alpha1
                kind: ChaosEngine
                metadata: { generateName: slow }
                spec:
                  appinfo: { appns: shop, applabel: app=reviews, appkind: deployment }
                  experiments:
                    - name: pod-network-latency
                      spec: { components: { env: [{ name: TOTAL_CHAOS_DURATION, value: "1" }] } }
      container: { image: litmuschaos/litmus-checker:latest }
`
let server: TestServer
let agent: Awaited<ReturnType<typeof startAgent>>

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  const place = { name: 'laptop', kind: 'local' }
  const created = await server.api.post<CreatedInfrastructure>('/projects/shop/infrastructures', place)
  agent = await startAgent(server, created.registrationToken)
  await server.api.createWorkflow('shop', TEXT, 'Add it')
  await until('the workflow', 20, async () => (await server.api.workflow('shop', 'careful')).definition !== null)
})
afterAll(async () => {
  await agent?.close()
  await server.close()
})

const soon = (seconds = 20) => ({ timeout: seconds * 1000, interval: 100 })
const newest = async () => {
  const [{ id } = { id: '' }] = (await server.api.get<{ items: Run[] }>('/projects/shop/runs')).items
  return server.api.run('shop', id)
}
const facts = async (): Promise<readonly Fact[]> => {
  const { id } = await newest()
  return (await server.api.facts('shop', id)).facts
}
const phases = ({ steps }: Run) => Object.fromEntries(steps.map(({ step, phase }) => [step, phase]))
const becomes = (phase: string) => expect.poll(async () => (await newest()).phase, soon()).toBe(phase)

async function say(outcome: 'approved' | 'rejected'): Promise<void> {
  await server.api.post(`/projects/shop/runs/${(await newest()).id}/approvals`, { step: 'ask', outcome })
}

it('a fault is tried again until its target is there; approved, the run goes on, and tidies up', async () => {
  await server.api.startRun('shop', 'careful')
  const told = async () => JSON.stringify(await facts().catch(() => []))
  await expect.poll(told, soon()).toContain('attempt 1 ended: error')
  await agent.open()
  await becomes('waiting')
  const begun = (await facts()).filter((fact) => fact.type === 'step-phase' && fact.phase === 'running')
  expect(begun.at(-1)).toMatchObject({ step: 'slow', reason: expect.stringMatching(/^attempt \d+ of 21$/) })
  await say('approved')
  await becomes('completed')
  expect(phases(await newest())).toEqual({
    slow: 'completed',
    ask: 'completed',
    after: 'completed',
    'onExit/always': 'completed',
    'onExit/look-again': 'skipped'
  })
  expect(await newest()).toMatchObject({ recovery: 'clean', approvals: [{ step: 'ask', outcome: 'approved' }] })
}, 60_000)

it('rejected, what comes after is left out, and the exit handler knows', async () => {
  await server.api.startRun('shop', 'careful')
  await becomes('waiting')
  await say('rejected')
  await becomes('stopped')
  expect(phases(await newest())).toEqual({
    slow: 'completed',
    ask: 'stopped',
    after: 'skipped',
    'onExit/always': 'completed',
    'onExit/look-again': 'completed'
  })
  expect((await newest()).reason).toBe('ask: rejected by admin')
}, 30_000)

it('a stop ends the wait, and nothing begins any more', async () => {
  await server.api.startRun('shop', 'careful')
  await becomes('waiting')
  await server.api.post(`/projects/shop/runs/${(await newest()).id}/stop`, { reason: 'enough' })
  await becomes('stopped')
  expect(phases(await newest())).toEqual({
    slow: 'completed',
    ask: 'stopped',
    after: 'skipped',
    'onExit/always': 'skipped',
    'onExit/look-again': 'skipped'
  })
  await expect(say('approved')).rejects.toThrow(/does not wait/)
}, 30_000)
