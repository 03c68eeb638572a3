import { afterAll, beforeAll, expect, it } from 'vitest'
import { chaosSchedule, cronWorkflow } from '../../src/manifest/fixtures/kinds.ts'
import { notify } from '../../src/store/index.ts'
import { lockFor } from '../../src/store/transaction.ts'
import { settles } from '../harness/server.ts'
import { startTestServers, type TestServers } from '../harness/servers.ts'

let all: TestServers

beforeAll(async () => {
  all = await startTestServers(2)
  await all.apis[0]?.post('/projects', { id: 'shop', name: 'Shop' })
})
afterAll(() => all.close())

const starts = () => all.store.db.selectFrom('runRequests').select('dedupeKey').execute()

/** As whoever writes a schedule does: a server that works on it is waited for. */
async function makeDue(): Promise<void> {
  await all.store.db.transaction().execute(async (tx) => {
    const due = await tx.selectFrom('schedules').select('definitionId').where('nextAt', 'is not', null).execute()
    for (const { definitionId } of due) {
      await lockFor(tx, 'schedule', definitionId)
      await tx.updateTable('schedules').set({ nextAt: new Date() }).where('definitionId', '=', definitionId).execute()
    }
  })
}

it('two servers on one database start what is due once', async () => {
  const [first, second] = all.apis
  const text = cronWorkflow('schedule: "0 9 * * *"\n')
  await first?.createWorkflow('shop', text, 'Add it')
  await first?.createWorkflow('shop', chaosSchedule('now: true\n'), 'Add another')
  const names = ['cart-cron', 'cart-schedule']
  const activate = async (name: string) => second?.post(`/projects/shop/workflows/${name}/schedule/activate`)
  for (const name of names)
    await settles(() =>
      activate(name).then(
        () => 'active',
        () => null
      )
    ).toBe('active')
  await settles(async () => (await starts()).length).toBe(1)

  for (const round of [1, 2, 3]) {
    await makeDue()
    await notify(all.store.db, 'definition', '')
    await settles(async () => (await starts()).length).toBe(1 + round)
  }
  expect(new Set((await starts()).map(({ dedupeKey }) => dedupeKey)).size).toBe(4)
})
