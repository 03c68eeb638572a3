import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { breakWrites } from '../../test/harness/break-once.ts'
import { seedSettings, seedWorkflow } from '../../test/harness/rows.ts'
import { chaosSchedule, cronWorkflow } from '../manifest/fixtures/kinds.ts'
import { insertFacts } from '../store/api/insert.ts'
import { skipOverdue } from './ending.ts'
import { daily, ScheduledShop } from './fixtures/scheduled-shop.ts'
import { tasksFor } from './leasing.ts'
import { letWaitingGo, mergeAll } from './merging.ts'

let shop: ScheduledShop

afterEach(() => shop.store.close())

const HOURLY = (more = '') => cronWorkflow(`schedule: "0 * * * *"\n${more}`)
const next = async () => (await shop.schedule())?.nextAt?.toISOString() ?? null
const tasks = (at: string, holding: string[] = []) =>
  tasksFor(shop.store, {
    infrastructure: shop.infrastructureId,
    holding,
    now: new Date(at),
    mayTakeOver: false
  })

describe('a person lets it', () => {
  test('paused at first, it starts nothing; once active it starts once at its time', async () => {
    shop = await ScheduledShop.open(daily())
    await shop.pass('2026-05-01T08:00:00Z')
    expect(await shop.schedule()).toMatchObject({ state: 'paused', nextAt: null, changedBy: null })
    await shop.pass('2026-05-02T09:00:00Z')
    await shop.activate('2026-05-02T10:00:00Z')
    expect(await shop.schedule()).toMatchObject({ state: 'active', changedBy: 'ada', activatedRevision: 1 })
    for (const at of ['09:00:00', '09:00:01', '09:30:00']) await shop.pass(`2026-05-03T${at}Z`)
    expect(await shop.requests()).toEqual(['05-03T09:00 admitted'])
    expect(
      (await shop.runs()).map(({ workflow, cause }) => ({ workflow, words: 'words' in cause && cause.words }))
    ).toEqual([{ workflow: 'cart-cron', words: 'every day 09:00 UTC' }])
    expect(await next()).toBe('2026-05-04T09:00:00.000Z')
  })

  test('paused again, it starts nothing more, and nothing is made up when it goes on', async () => {
    shop = await ScheduledShop.open(daily('startingDeadlineSeconds: 86400\n'))
    await shop.activate('2026-05-01T08:00:00Z')
    await shop.pause('2026-05-01T08:30:00Z')
    await shop.pass('2026-05-01T09:00:00Z')
    await shop.activate('2026-05-01T09:30:00Z')
    await shop.pass('2026-05-01T09:31:00Z')
    expect(await shop.requests()).toEqual([])
    expect(await next()).toBe('2026-05-02T09:00:00.000Z')
  })

  test('what was asked for before it was paused does not start either', async () => {
    shop = await ScheduledShop.open(daily())
    await shop.activate('2026-05-01T08:00:00Z')
    await shop.tend('2026-05-01T09:00:00Z')
    await shop.pause('2026-05-01T09:00:01Z')
    await shop.pass('2026-05-01T09:00:02Z')
    expect(await shop.requests()).toEqual(['05-01T09:00 dropped: The schedule was paused by ada.'])
  })

  test('one that comes from git is active at once only where the owners have said so', async () => {
    shop = await ScheduledShop.open(daily())
    await seedSettings(shop.store, { project: 'shop', activateSchedules: true })
    await shop.pass('2026-05-01T08:00:00Z')
    expect(await shop.schedule()).toMatchObject({ state: 'active', changedBy: 'git' })
    expect(await next()).toBe('2026-05-01T09:00:00.000Z')
  })

  test('what starts on activation starts once for each, and never by itself', async () => {
    shop = await ScheduledShop.open(chaosSchedule('now: true\n').replace('cart-schedule', 'cart-cron'), 'ChaosSchedule')
    await seedSettings(shop.store, { project: 'shop', activateSchedules: true })
    await shop.pass('2026-05-01T08:00:00Z')
    expect(await shop.requests()).toEqual([])
    await shop.pause('2026-05-01T08:01:00Z')
    for (const minute of ['10', '20']) {
      await shop.activate(`2026-05-01T08:${minute}:00Z`)
      await shop.pass(`2026-05-01T08:${minute}:01Z`)
    }
    await shop.pass('2026-05-01T08:30:00Z')
    expect(await shop.schedule()).toMatchObject({ state: 'paused', nextAt: null })
    expect(await shop.requests()).toEqual([
      '05-01T08:10 admitted',
      expect.stringMatching(/^05-01T08:20 dropped: The run .* has not ended .*Forbid/)
    ])
  })

  test('one that is over, or that the file holds for good, cannot be activated', async () => {
    const past = chaosSchedule('once: { executionTime: "2026-05-12T05:47:00Z" }\n').replace(
      'cart-schedule',
      'cart-cron'
    )
    shop = await ScheduledShop.open(past, 'ChaosSchedule')
    await expect(shop.activate('2026-05-13T00:00:00Z')).rejects.toMatchObject({ code: 'runs/never-again' })
    await shop.activate('2026-05-12T00:00:00Z')
    await shop.pass('2026-05-12T05:47:00Z')
    expect(await shop.requests()).toEqual(['05-12T05:47 admitted'])
    expect(await next()).toBeNull()
  })
})

describe('exactly once', () => {
  test('several servers that look at the same time ask for one run', async () => {
    shop = await ScheduledShop.open(daily())
    await shop.activate('2026-05-01T08:00:00Z')
    await Promise.all(Array.from({ length: 6 }, () => shop.tend('2026-05-01T09:00:00Z')))
    await shop.pass('2026-05-01T09:00:01Z')
    expect(await shop.requests()).toEqual(['05-01T09:00 admitted'])
  })

  test.each([
    { table: 'run_requests', on: 'insert' },
    { table: 'schedules', on: 'update' }
  ] as const)(
    'a server that is killed at the $on of $table has started nothing; the next look starts it',
    async (where) => {
      shop = await ScheduledShop.open(daily())
      await shop.activate('2026-05-01T08:00:00Z')
      await breakWrites(shop.store, { ...where, times: 1 })
      await expect(shop.tend('2026-05-01T09:00:00Z')).rejects.toThrow(/killed here/)
      expect(await shop.requests()).toEqual([])
      await shop.pass('2026-05-01T09:00:02Z')
      expect(await shop.requests()).toEqual(['05-01T09:00 admitted'])
    }
  )
})

test('one schedule that cannot be tended holds up no other', async () => {
  shop = await ScheduledShop.open(daily())
  await shop.activate('2026-05-01T08:00:00Z')
  const broken = await seedWorkflow(shop.store, {
    project: 'shop',
    name: 'broken',
    text: daily(),
    kind: 'CronWorkflow'
  })
  await shop.tend('2026-05-01T08:00:01Z')
  const rules = sql<string>`jsonb_set(rules, '{schedule,timezone}', '"Mars/Olympus"')`
  const due = { state: 'active', nextAt: new Date('2026-05-01T08:59:00Z') } as const
  const { db } = shop.store
  await db
    .updateTable('schedules')
    .set({ ...due, rules })
    .where('definitionId', '=', broken)
    .execute()
  await expect(shop.tend('2026-05-01T09:00:00Z')).rejects.toThrow(/Mars/)
  expect(await shop.requests()).toEqual(['05-01T09:00 queued'])
})

describe('no server was there', () => {
  test('a restart within a minute has missed nothing', async () => {
    shop = await ScheduledShop.open(daily())
    await shop.activate('2026-05-01T08:00:00Z')
    await shop.pass('2026-05-01T09:00:59Z')
    expect(await shop.requests()).toEqual(['05-01T09:00 admitted'])
  })

  test('later it is too late, unless the file allows it; people see what was missed', async () => {
    shop = await ScheduledShop.open(HOURLY())
    await shop.activate('2026-05-01T08:30:00Z')
    await shop.pass('2026-05-01T12:02:00Z')
    expect(await shop.requests()).toEqual([
      '05-01T12:00 dropped: The starts from 2026-05-01 09:00 UTC to 2026-05-01 12:00 UTC were missed: no server was running. It is too late to make up for it.'
    ])
    expect(await next()).toBe('2026-05-01T13:00:00.000Z')
  })

  test('the latest one is made up for once within startingDeadlineSeconds', async () => {
    shop = await ScheduledShop.open(HOURLY('startingDeadlineSeconds: 1800\n'))
    await shop.activate('2026-05-01T08:30:00Z')
    await shop.pass('2026-05-01T12:30:00Z')
    await shop.pass('2026-05-01T12:31:00Z')
    expect(await shop.requests()).toEqual([
      '05-01T11:00 dropped: The starts from 2026-05-01 09:00 UTC to 2026-05-01 11:00 UTC were missed: no server was running. The latest one is made up for.',
      '05-01T12:00 made up admitted'
    ])
  })

  test('a run that no agent takes in time does not begin when one comes back', async () => {
    shop = await ScheduledShop.open(daily())
    await shop.activate('2026-05-01T08:00:00Z')
    await shop.pass('2026-05-01T09:00:00Z')
    await skipOverdue(shop.store, new Date('2026-05-01T09:10:00Z'))
    expect((await shop.runs()).map(({ phase }) => phase)).toEqual(['queued'])
    expect(await tasks('2026-05-01T09:10:01Z')).toEqual([])
    expect((await shop.runs()).map(({ phase, reason }) => `${phase}: ${reason}`)).toEqual([
      'skipped: No agent has taken it in time.'
    ])
  })

  test('nobody has to ask for that', async () => {
    shop = await ScheduledShop.open(daily())
    await shop.activate('2026-05-01T08:00:00Z')
    await shop.pass('2026-05-01T09:00:00Z')
    await skipOverdue(shop.store, new Date('2026-05-01T09:10:01Z'))
    expect((await shop.runs()).map(({ phase }) => phase)).toEqual(['skipped'])
  })
})

describe('the file changes', () => {
  test('an active schedule stays active with the new times; what was due before is still due', async () => {
    shop = await ScheduledShop.open(daily())
    await shop.activate('2026-05-01T08:00:00Z')
    await shop.change(HOURLY())
    await shop.pass('2026-05-01T09:00:10Z')
    expect(await shop.requests()).toEqual(['05-01T09:00 admitted'])
    expect(await shop.schedule()).toMatchObject({ state: 'active', revision: 2, activatedRevision: 1 })
    expect(await next()).toBe('2026-05-01T10:00:00.000Z')
  })

  test('suspend holds it, also what is due; without it the schedule goes on', async () => {
    shop = await ScheduledShop.open(daily())
    await shop.activate('2026-05-01T08:00:00Z')
    await shop.change(daily('suspend: true\n'))
    await shop.pass('2026-05-01T09:00:00Z')
    await shop.pass('2026-05-02T09:00:00Z')
    expect(await shop.requests()).toEqual([])
    await shop.change(daily())
    await shop.pass('2026-05-02T10:00:00Z')
    expect(await next()).toBe('2026-05-03T09:00:00.000Z')
  })

  test('a deleted workflow starts nothing; restored, its schedule waits for a person again', async () => {
    shop = await ScheduledShop.open(daily())
    await shop.activate('2026-05-01T08:00:00Z')
    await shop.store.db.updateTable('definitions').set({ deletedAt: new Date() }).execute()
    await shop.pass('2026-05-01T09:00:00Z')
    expect([await shop.requests(), await shop.schedule()]).toEqual([[], undefined])
    await shop.store.db.updateTable('definitions').set({ deletedAt: null }).execute()
    await shop.pass('2026-05-01T09:01:00Z')
    expect(await shop.schedule()).toMatchObject({ state: 'paused' })
  })

  test('a workflow whose automatic runs are suspended does not start, and says why', async () => {
    shop = await ScheduledShop.open(daily())
    await shop.activate('2026-05-01T08:00:00Z')
    await shop.store.db.updateTable('definitions').set({ suspended: 'It is gone from git.' }).execute()
    await shop.pass('2026-05-01T09:00:00Z')
    expect(await shop.requests()).toEqual(['05-01T09:00 dropped: Automatic runs are suspended: It is gone from git.'])
  })
})

describe('while an earlier start still runs', () => {
  const twoStarts = async (policy: string) => {
    shop = await ScheduledShop.open(HOURLY(`concurrencyPolicy: ${policy}\n`))
    await shop.activate('2026-05-01T08:30:00Z')
    await shop.pass('2026-05-01T09:00:00Z')
    expect(await tasks('2026-05-01T09:00:01Z')).toMatchObject([{ kind: 'run' }])
    await shop.pass('2026-05-01T10:00:00Z')
    return shop.runs()
  }

  test('Allow: another one starts', async () => {
    expect((await twoStarts('Allow')).map(({ phase }) => phase)).toEqual(['queued', 'queued'])
  })

  test('Forbid: the new one is left out, and says which run is in its way', async () => {
    const [first] = await twoStarts('Forbid')
    expect(await shop.requests()).toEqual([
      '05-01T09:00 admitted',
      `05-01T10:00 dropped: The run that the schedule started before has not ended (${first?.id}), and concurrencyPolicy is Forbid.`
    ])
  })

  test('Replace: the running one is stopped, and the new one begins when it has recovered', async () => {
    const [first, second] = await twoStarts('Replace')
    expect([first?.phase, second?.phase]).toEqual(['stopping', 'waiting'])
    expect(second?.reason).toBe(`It waits for ${first?.id}, which it replaces, to end.`)
    const kinds = (await tasks('2026-05-01T10:00:01Z', [first?.id ?? ''])).map(({ kind }) => kind)
    expect(kinds).toEqual(['stop'])
    await letWaitingGo(shop.store)
    expect((await shop.runs()).map(({ phase }) => phase)).toEqual(['stopping', 'waiting'])

    const at = '2026-05-01T10:00:05.000Z'
    const ended = { seq: 1, at, type: 'run-phase' as const, phase: 'stopped' as const, reason: null }
    const run = { infrastructureId: shop.infrastructureId, runId: first?.id ?? '', lease: 1, facts: [ended] }
    await insertFacts(shop.store.db, { ...run, now: new Date(at) })
    await mergeAll(shop.store, new AbortController().signal)
    await letWaitingGo(shop.store)
    expect(await tasks('2026-05-01T10:00:06Z')).toMatchObject([{ kind: 'run', run: second?.id }])
  })

  test('Replace: one that no agent has taken is stopped at once', async () => {
    shop = await ScheduledShop.open(HOURLY('concurrencyPolicy: Replace\n'))
    await shop.activate('2026-05-01T08:30:00Z')
    await shop.pass('2026-05-01T09:00:00Z')
    await shop.pass('2026-05-01T10:00:00Z')
    expect((await shop.runs()).map(({ phase, reason }) => `${phase} ${reason}`)).toEqual([
      'stopped stopped by its schedule: replaced by the next start',
      'queued null'
    ])
  })
})
