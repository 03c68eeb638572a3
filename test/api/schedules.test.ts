import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Overview, Preview, Schedule } from '../../src/contract/index.ts'
import { CHAOS_ENGINE_FILE, chaosSchedule, cronWorkflow } from '../../src/manifest/fixtures/kinds.ts'
import { notify } from '../../src/store/index.ts'
import { newPerson } from '../harness/people.ts'
import { cloneOf, connectProject, inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'

const DAILY = cronWorkflow('schedule: "0 9 * * *"\ntimezone: Europe/Berlin\n').replaceAll(
  'infra_id: laptop',
  'team: cart'
)
const NOW = chaosSchedule('now: true\n')

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const path = (project: string, name: string, verb = '') => `/projects/${project}/workflows/${name}/schedule${verb}`
const schedule = (project: string, name: string) => server.api.get<Schedule>(path(project, name))
const switched = (project: string, name: string, verb: 'activate' | 'pause') =>
  server.api.post<Schedule>(path(project, name, `/${verb}`))
const arrived = (project: string, name: string) =>
  settles(() =>
    schedule(project, name).then(
      ({ state }) => state,
      () => null
    )
  ).toBe('paused')

/** The planned time comes, without a test waiting for it. */
async function timeComes(): Promise<void> {
  const { db } = server.store
  await db.updateTable('schedules').set({ nextAt: new Date() }).where('nextAt', 'is not', null).execute()
  await notify(db, 'definition', '')
}

async function place(project: string): Promise<void> {
  await server.api.post(`/projects/${project}/infrastructures`, { name: `place-${project}`, kind: 'local' })
}

it('a schedule from git is paused; activated by a person it starts a run, which says why', async () => {
  const url = await connectProject(server, 'clock')
  await place('clock')
  await (await cloneOf(server, url)).push('litmus/clock/cart-cron.yaml', DAILY, 'Add it')
  await arrived('clock', 'cart-cron')
  const paused = await schedule('clock', 'cart-cron')
  expect(paused).toMatchObject({
    words: 'every day 09:00 Europe/Berlin',
    timezone: 'Europe/Berlin',
    next: null,
    changedBy: null,
    starts: []
  })
  expect(paused.times).toHaveLength(5)
  await timeComes()

  const active = await switched('clock', 'cart-cron', 'activate')
  expect(active).toMatchObject({ state: 'active', next: paused.times[0], changedBy: 'admin' })
  const overview = await server.api.get<Overview>('/projects/clock/overview')
  expect(overview.schedules).toEqual({
    next: [{ workflow: 'cart-cron', words: 'every day 09:00 Europe/Berlin', at: paused.times[0] }],
    paused: 0
  })
  await timeComes()
  await settles(async () => (await server.api.runs('clock')).items.length).toBe(1)
  const [run] = (await server.api.runs('clock')).items
  expect(run?.cause).toMatchObject({ kind: 'schedule', words: 'every day 09:00 Europe/Berlin', madeUp: false })
  expect((await schedule('clock', 'cart-cron')).starts).toMatchObject([{ state: 'admitted', run: run?.id }])
  expect((await server.api.workflow('clock', 'cart-cron')).schedule).toMatchObject({ state: 'active' })
})

it('a text that changes under an active schedule leaves it active, and is told', async () => {
  await server.api.post('/projects', { id: 'texts', name: 'texts' })
  await server.api.createWorkflow('texts', DAILY, 'Add it')
  await arrived('texts', 'cart-cron')
  await switched('texts', 'cart-cron', 'activate')
  const { etag } = await server.api.workflow('texts', 'cart-cron')
  const hourly = DAILY.replace('0 9 * * *', '@hourly')
  await server.api.saveWorkflow('texts', 'cart-cron', { text: hourly, etag, message: 'Oftener' })
  await settles(async () => (await schedule('texts', 'cart-cron')).words).toBe('every hour at :00 Europe/Berlin')
  expect(await schedule('texts', 'cart-cron')).toMatchObject({
    state: 'active',
    changes: [{ revision: 2, author: 'Admin', origin: 'portal' }]
  })
})

it('who may start runs may activate and pause; who may only look may not; it is in the audit', async () => {
  await server.api.post('/projects', { id: 'roles', name: 'roles' })
  await server.api.createWorkflow('roles', NOW, 'Add it')
  await arrived('roles', 'cart-schedule')
  const executor = await newPerson(server, 'eve', { project: 'roles', role: 'executor' })
  const viewer = await newPerson(server, 'vera', { project: 'roles', role: 'viewer' })
  await expect(viewer.post(path('roles', 'cart-schedule', '/activate'))).rejects.toMatchObject({ code: 'api/denied' })
  await place('roles')
  await executor.post(path('roles', 'cart-schedule', '/activate'))
  await settles(async () => (await server.api.runs('roles')).items.length).toBe(1)
  await settles(async () => (await schedule('roles', 'cart-schedule')).state).toBe('paused')
  const audit = await server.api.get<{ items: { action: string; target: string }[] }>('/projects/roles/audit')
  expect(audit.items).toContainEqual(
    expect.objectContaining({ action: 'schedule.activate', target: 'cart-schedule', before: { state: 'paused' } })
  )
})

it('a workflow without a schedule has none to activate', async () => {
  await server.api.post('/projects', { id: 'none', name: 'none' })
  await server.api.createWorkflow('none', CHAOS_ENGINE_FILE, 'Add it')
  await settles(async () => (await server.api.workflows('none')).items[0]?.definition).toEqual(expect.any(String))
  for (const name of ['cart-engine', 'nobody'])
    await expect(switched('none', name, 'activate')).rejects.toThrow(/answered 404/)
})

it('the preview names the schedules that would come; where the owners say so they are active at once', async () => {
  const person = await cloneOf(server, await connectProject(server, 'seen'))
  await person.push('litmus/seen/cart-cron.yaml', DAILY, 'Add it')
  await inGit(server, 'seen', 'cart-cron', DAILY)
  await server.api.post('/projects/seen/gitops/disable')
  const preview = await server.api.post<Preview>('/projects/seen/gitops/preview')
  expect(preview.items).toMatchObject([{ action: 'same', schedule: 'every day 09:00 Europe/Berlin' }])

  const { url, branch } = await server.api.gitops('seen')
  await server.api.put('/projects/seen/gitops', { url, branch, activateSchedules: true })
  await server.api.post('/projects/seen/gitops/enable')
  await person.push('litmus/seen/other.yaml', DAILY.replace('name: cart-cron', 'name: other'), 'Add another')
  await settles(() =>
    schedule('seen', 'other').then(
      ({ state, changedBy }) => ({ state, changedBy }),
      () => null
    )
  ).toEqual({
    state: 'active',
    changedBy: 'git'
  })
  expect((await schedule('seen', 'cart-cron')).state).toBe('paused')
})
