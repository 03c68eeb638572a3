import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Run, RunTask } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { settles, startTestServer, type TestServer } from '../harness/server.ts'

const TEXT = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: asks }
spec:
  entrypoint: main
  templates:
    - { name: main, steps: [[{ name: ask, template: ask }], [{ name: after, template: pause }]] }
    - { name: ask, suspend: {} }
    - { name: pause, suspend: { duration: 1s } }
`
let server: TestServer
let agent: PostedAgent

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'shop' })
  agent = await PostedAgent.register(server, 'shop', 'laptop')
  await server.api.createWorkflow('shop', TEXT, 'Add it')
  await until('the workflow', 10, async () => (await server.api.workflow('shop', 'asks')).definition !== null)
})
afterAll(() => server.close())

const runOf = ({ run }: RunTask) => server.api.get<Run>(`/projects/shop/runs/${run}`)
const say = ({ run }: RunTask, body: object) => server.api.post<Run>(`/projects/shop/runs/${run}/approvals`, body)

async function asked(): Promise<RunTask> {
  await server.api.startRun('shop', 'asks')
  const task = await agent.run()
  await agent.post(
    task,
    { type: 'run-phase', phase: 'running', reason: null },
    { type: 'step-phase', step: 'ask', phase: 'waiting', reason: null },
    { type: 'run-phase', phase: 'waiting', reason: null }
  )
  await settles(async () => (await runOf(task)).phase).toBe('waiting')
  return task
}

it('a person’s word is kept, shown and audited, and told to the agent until the step has ended', async () => {
  const task = await asked()
  const run = await say(task, { step: 'ask', outcome: 'approved', reason: 'the board is quiet' })
  const word = { step: 'ask', outcome: 'approved', by: 'admin', reason: 'the board is quiet' }
  expect(run.approvals).toMatchObject([word])
  for (let again = 0; again < 2; again++) {
    await agent.approvalOf(task)
    expect(await agent.renew(task)).toEqual({ state: 'held', stop: null, approvals: [word] })
  }
  await agent.completes(task)
  await settles(async () => (await runOf(task)).phase).toBe('completed')
  const audit = await server.api.get<{ items: object[] }>('/projects/shop/audit')
  expect(audit.items).toContainEqual(
    expect.objectContaining({ action: 'run.approve', after: expect.objectContaining({ outcome: 'approved' }) })
  )
})

it('the first word counts; what does not wait cannot be approved', async () => {
  const task = await asked()
  await say(task, { step: 'ask', outcome: 'rejected' })
  await expect(say(task, { step: 'ask', outcome: 'approved' })).rejects.toThrow(/already|meanwhile/)
  await expect(say(task, { step: 'after', outcome: 'approved' })).rejects.toThrow(/does not wait/)
  await expect(say(task, { step: 'nowhere', outcome: 'approved' })).rejects.toThrow(/does not wait/)
  expect((await runOf(task)).approvals).toMatchObject([{ outcome: 'rejected', reason: null }])
})
