import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Run } from '../../src/contract/index.ts'
import { CHAOS_ENGINE_FILE, chaosSchedule, cronWorkflow } from '../../src/manifest/fixtures/kinds.ts'
import { cloneOf, connectProject, inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'

const CRON = cronWorkflow('schedule: "0 9 * * *"\n').replaceAll('laptop', 'place-kinds')
const ENGINE = CHAOS_ENGINE_FILE.replaceAll('laptop', 'place-kinds')
const SCHEDULE = chaosSchedule('repeat: { properties: { minChaosInterval: 2h } }\n')

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const kinds = async (project: string) =>
  Object.fromEntries((await server.api.workflows(project)).items.map(({ name, kind }) => [name, kind]))

it('every kind comes from git, goes to git, and is run by hand', async () => {
  const url = await connectProject(server, 'kinds')
  const person = await cloneOf(server, url)
  await person.push('litmus/kinds/cart-cron.yaml', CRON, 'Add a cron')
  await person.push('litmus/kinds/cart-schedule.yml', SCHEDULE, 'Add a schedule')
  await settles(() => kinds('kinds')).toEqual({ 'cart-cron': 'CronWorkflow', 'cart-schedule': 'ChaosSchedule' })

  await server.api.createWorkflow('kinds', ENGINE, 'Add an engine')
  await inGit(server, 'kinds', 'cart-engine', ENGINE)
  expect(await (await cloneOf(server, url)).read('litmus/kinds/cart-engine.yaml')).toBe(ENGINE)
  expect(await kinds('kinds')).toMatchObject({ 'cart-engine': 'ChaosEngine' })

  await server.api.post('/projects/kinds/infrastructures', { name: 'place-kinds', kind: 'local' })
  for (const name of ['cart-cron', 'cart-schedule', 'cart-engine']) await server.api.startRun('kinds', name)
  await settles(async () => (await server.api.runs('kinds')).items.length).toBe(3)
  const { items } = await server.api.runs('kinds')
  const plans = await Promise.all(items.map(({ id }) => server.api.get<Run>(`/projects/kinds/runs/${id}`)))
  expect(plans.map(({ workflow, plan }) => [workflow, plan.steps.length]).sort()).toEqual([
    ['cart-cron', 1],
    ['cart-engine', 1],
    ['cart-schedule', 1]
  ])
})

it('a file that becomes another kind is that kind, with GitOps on and off', async () => {
  const url = await connectProject(server, 'turns')
  const person = await cloneOf(server, url)
  const engine = ENGINE.replace('cart-engine', 'cart-cron')
  await person.push('litmus/turns/cart-cron.yaml', engine, 'Add an engine')
  await settles(() => kinds('turns')).toEqual({ 'cart-cron': 'ChaosEngine' })
  await person.push('litmus/turns/cart-cron.yaml', CRON, 'Make it a cron')
  await settles(() => kinds('turns')).toEqual({ 'cart-cron': 'CronWorkflow' })

  await server.api.post('/projects/turns/gitops/disable')
  const { etag } = await server.api.workflow('turns', 'cart-cron')
  await server.api.saveWorkflow('turns', 'cart-cron', { text: engine, etag, message: 'Back', wait: false })
  await settles(() => kinds('turns')).toEqual({ 'cart-cron': 'ChaosEngine' })
})

it('a cron that never fires is not saved: its line and reason are answered', async () => {
  await server.api.post('/projects', { id: 'never', name: 'never' })
  const text = cronWorkflow('schedule: "0 0 30 2 *"\n')
  await expect(server.api.createWorkflow('never', text, 'Add it')).rejects.toMatchObject({ code: 'manifest/invalid' })
  expect((await server.api.workflows('never')).items).toEqual([])
})
