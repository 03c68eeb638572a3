import { afterAll, beforeAll, expect, it } from 'vitest'
import type { KillSwitch, Overview, Run, ServerKillSwitch } from '../../src/contract/index.ts'
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

  expect(await server.api.delete<KillSwitch>('/projects/shop/kill-switch')).toEqual({ engaged: null, everywhere: null })
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

it('stops also what is more than a page of runs', async () => {
  await Promise.all(Array.from({ length: 60 }, () => server.api.startRun('other', 'chaos')))
  const queued = () =>
    server.store.db
      .selectFrom('runs')
      .select('id')
      .where('phase', '=', 'queued')
      .where('projectId', '=', 'other')
      .execute()
  await settles(async () => (await queued()).length, 20_000).toBe(60)
  await server.api.put('/projects/other/kill-switch', { reason: 'too many' })
  expect(await queued()).toEqual([])
  await server.api.delete('/projects/other/kill-switch')
})

it('that of the server stops every run of every project, and lets none start until an admin releases it', async () => {
  await Promise.all(['shop', 'other'].map((project) => server.api.startRun(project, 'chaos')))
  const active = () => server.store.db.selectFrom('runs').select('id').where('endedAt', 'is', null).execute()
  await settles(async () => (await active()).length).toBeGreaterThan(1)
  const asked = Array.from({ length: 10 }, () => server.api.startRun('other', 'chaos').catch(() => undefined))
  const { engaged } = await server.api.put<ServerKillSwitch>('/kill-switch', { reason: 'the data centre is on fire' })
  await Promise.all(asked)
  await settles(async () => (await active()).length).toBe(0)
  for (const project of ['shop', 'other']) {
    await expect(server.api.startRun(project, 'chaos')).rejects.toThrow(
      /kill switch of this server is on: the data centre is on fire \(admin\)/
    )
    expect(await server.api.get<KillSwitch>(`/projects/${project}/kill-switch`)).toEqual({
      engaged: null,
      everywhere: engaged
    })
    expect((await server.api.get<Overview>(`/projects/${project}/overview`)).killSwitch).toEqual(engaged)
  }
  const audit = await server.store.db.selectFrom('audit').select(['action', 'target', 'projectId']).execute()
  expect(audit).toContainEqual({ action: 'kill-switch.engage', target: 'server', projectId: null })
  expect(await server.api.delete<ServerKillSwitch>('/kill-switch')).toEqual({ engaged: null })
  await server.api.startRun('shop', 'chaos')
})
