import { afterAll, beforeAll, expect, it } from 'vitest'
import type { KillSwitch, Overview, Run } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  for (const id of ['shop', 'other']) {
    await server.api.post('/projects', { id, name: id })
    await server.api.post(`/projects/${id}/infrastructures`, { name: `place-${id}`, kind: 'local' })
    await server.api.createWorkflow(id, shopWorkflow('chaos'), 'Add it')
    await until('the workflow', 10, async () => (await server.api.workflow(id, 'chaos')).definition !== null)
  }
})
afterAll(() => server.close())

const runs = async (project: string) =>
  (await server.api.get<{ items: Run[] }>(`/projects/${project}/runs`)).items.map(({ phase, reason }) => ({
    phase,
    reason
  }))

async function started(project: string, count: number): Promise<void> {
  for (let number = 0; number < count; number++) await server.api.startRun(project, 'chaos')
  await settles(async () => (await runs(project)).length).toBe(count)
}

it('stops every run of the project, and lets none start until it is released', async () => {
  await started('shop', 3)
  await started('other', 1)
  const engaged = await server.api.put<KillSwitch>('/projects/shop/kill-switch', { reason: 'the shop is on fire' })
  expect(engaged.engaged).toMatchObject({ reason: 'the shop is on fire', by: 'admin' })
  expect(await runs('shop')).toEqual(
    Array(3).fill({ phase: 'stopped', reason: 'stopped by admin: kill switch: the shop is on fire' })
  )
  expect((await runs('other'))[0]?.phase).toBe('queued')
  await expect(server.api.startRun('shop', 'chaos')).rejects.toThrow(/kill switch is on: the shop is on fire \(admin\)/)
  expect((await server.api.get<Overview>('/projects/shop/overview')).killSwitch).toEqual(engaged.engaged)

  expect(await server.api.delete<KillSwitch>('/projects/shop/kill-switch')).toEqual({ engaged: null })
  await server.api.startRun('shop', 'chaos')
  await settles(async () => (await runs('shop')).length).toBe(4)
  expect((await runs('shop')).filter(({ phase }) => phase === 'queued')).toHaveLength(1)
})

it('no run slips through while it is engaged', async () => {
  for (let round = 0; round < 5; round++) {
    const asked = Array.from({ length: 10 }, () => server.api.startRun('other', 'chaos').catch(() => undefined))
    await server.api.put('/projects/other/kill-switch', { reason: `round ${round}` })
    await Promise.all(asked)
    await settles(async () => (await runs('other')).filter(({ phase }) => phase !== 'stopped')).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect((await runs('other')).filter(({ phase }) => phase !== 'stopped')).toEqual([])
    await server.api.delete('/projects/other/kill-switch')
  }
})
