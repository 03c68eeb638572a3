import { createHmac, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../../test/harness/database.ts'
import { seedProject, seedWorkflow } from '../../../test/harness/rows.ts'
import type { HookKind } from '../../domain/index.ts'
import { type Clock, createSealer, Secret, silentLogger } from '../../platform/index.ts'
import { createHooks } from './hooks.ts'
import { resealHooks } from './reseal.ts'

const [KEY, NEXT] = [newKey(), newKey()]
let store: TestStore
let now = Date.parse('2026-01-31T09:00:00Z')
const clock: Clock = { now: () => new Date(now), sleep: async () => undefined }
let project: string
let serial = 0

beforeAll(async () => {
  store = await testStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  project = `h${++serial}`
  await seedProject(store, project)
  await seedWorkflow(store, { project, name: 'cart', text: 'kind: Workflow' })
})

function newKey(): Secret {
  return new Secret(randomBytes(32).toString('base64'))
}
const hooksWith = (sealer = createSealer(KEY)) => createHooks({ store, sealer, clock, log: silentLogger() })

async function made(kind: HookKind, limit = { runs: 1, perSeconds: 60 }) {
  const wish = { name: 'one', kind, workflow: 'cart', infrastructureId: null, parameters: {}, only: {}, paused: false }
  return hooksWith().make(project, { ...wish, limit })
}

const deployed = (secret: string, revision: string) => ({
  headers: { authorization: `Bearer ${secret}` },
  body: Buffer.from(JSON.stringify({ app: 'cart', revision }))
})

async function countOf(hook: string, outcome: 'triggered' | 'not-triggered'): Promise<number> {
  const events = store.db.selectFrom('hookEvents').select('id').where('hookId', '=', hook)
  return (await events.where('outcome', '=', outcome).execute()).length
}

test('two servers that hear one event, and many others, keep to the limit together', async () => {
  const { id, secret } = await made('argo-cd', { runs: 3, perSeconds: 60 })
  const servers = [hooksWith(), hooksWith()]
  const calls = Array.from({ length: 24 }, (_, n) =>
    servers[n % 2]?.hear(id, deployed(secret, `r${n % 8}`)).catch((error: unknown) => error)
  )
  await Promise.all(calls)
  expect(await countOf(id, 'triggered')).toBe(3)
})

test('what a limit refused is decided anew when there is room again', async () => {
  const { id, secret } = await made('argo-cd')
  const hooks = hooksWith()
  await hooks.hear(id, deployed(secret, 'a'))
  now += 20_000
  await expect(hooks.hear(id, deployed(secret, 'b'))).rejects.toMatchObject({
    code: 'trigger/hook-limit',
    details: { retryAfterSeconds: 40 }
  })
  now += 40_000
  expect(await hooks.hear(id, deployed(secret, 'b'))).toMatchObject({ outcome: 'triggered' })
})

test('an event policy is not taken for the workflow of its name', async () => {
  const { id, secret } = await made('argo-cd')
  await store.db.updateTable('definitions').set({ kind: 'EventPolicy' }).where('projectId', '=', project).execute()
  expect(await hooksWith().hear(id, deployed(secret, 'a'))).toMatchObject({ outcome: 'failed', request: null })
})

test('decisions are forgotten from the oldest on, but none that the limit still counts', async () => {
  const { id, secret } = await made('argo-cd')
  await hooksWith().hear(id, deployed(secret, 'a'))
  const event = { hookId: id, dedupeId: 'x', subject: 'x', outcome: 'not-triggered' as const, reason: 'x' }
  const rows = Array.from({ length: 700 }, (_, n) => ({
    ...event,
    id: `z${n}`,
    runRequestId: null,
    createdAt: clock.now()
  }))
  await store.db.insertInto('hookEvents').values(rows).execute()
  await expect(hooksWith().hear(id, deployed(secret, 'b'))).rejects.toMatchObject({ code: 'trigger/hook-limit' })
  expect([await countOf(id, 'triggered'), await countOf(id, 'not-triggered')]).toEqual([1, 500])
})

test('the key of a hook that signs is sealed for it alone, and opens after the secret key was changed', async () => {
  const { id, secret } = await made('flux')
  const body = Buffer.from(
    JSON.stringify({
      involvedObject: { kind: 'Kustomization', name: 'shop' },
      severity: 'info',
      reason: 'ReconciliationSucceeded',
      metadata: { revision: '1' }
    })
  )
  const headers = { 'x-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
  const stored = await store.db.selectFrom('hooks').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  expect(JSON.stringify(stored)).not.toContain(secret)

  const rotated = createSealer(NEXT, [KEY])
  expect(await resealHooks({ db: store.db, sealer: rotated })).toEqual({ credentials: 1, unreadable: [] })
  const after = hooksWith(createSealer(NEXT))
  expect(await after.hear(id, { headers, body })).toMatchObject({ outcome: 'triggered' })
  expect(await hooksWith(createSealer(newKey())).hear(id, { headers, body })).toBeNull()
  const lost = await resealHooks({ db: store.db, sealer: createSealer(newKey()) })
  expect(lost).toEqual({ credentials: 0, unreadable: [`${project} (hook one)`] })
})
