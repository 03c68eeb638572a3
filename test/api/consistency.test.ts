import { afterAll, beforeAll, expect, it } from 'vitest'
import { summaries } from '../../src/api/workflow-list.ts'
import { findDefinition, revisionText, snapshot } from '../../src/store/index.ts'
import { type TestStore, testStore } from '../harness/database.ts'
import { seedProject, seedWorkflow } from '../harness/rows.ts'

let store: TestStore

beforeAll(async () => {
  store = await testStore()
  await seedProject(store, 'shop')
  await seedWorkflow(store, { project: 'shop', name: 'cart', text: 'text 1' })
})
afterAll(() => store.close())

/** As a sync pass does: text and commit change in one transaction. */
async function pass(number: number): Promise<void> {
  await store.db.transaction().execute(async (tx) => {
    const row = { blob: 'b'.repeat(40), sha256: 'd'.repeat(64), author: 'Dana', origin: 'git' as const }
    const createdAt = new Date()
    const revision = {
      definitionId: 'def-shop-cart',
      number,
      text: `text ${number}`,
      commit: String(number),
      createdAt
    }
    await tx
      .insertInto('revisions')
      .values({ ...row, ...revision })
      .execute()
    await tx
      .updateTable('definitions')
      .set({ revision: number, gitCommit: String(number) })
      .where('id', '=', 'def-shop-cart')
      .execute()
  })
}

it('what is read together is of one moment, however busy the passes are', async () => {
  let reading = true
  const reads = async () => {
    const torn: string[] = []
    while (reading) {
      const seen = await snapshot(store.db, async (tx) => {
        const [summary] = await summaries(tx, 'shop', ['litmus/shop/cart.yaml'])
        const definition = await findDefinition(tx, 'shop', 'cart')
        return {
          commit: summary?.commit,
          text: await revisionText(tx, definition?.id ?? '', definition?.revision ?? 0)
        }
      })
      if (seen.commit?.length !== 40 && seen.text !== `text ${seen.commit}`) torn.push(JSON.stringify(seen))
    }
    return torn
  }
  const readers = [reads(), reads(), reads()]
  for (let number = 2; number < 150; number++) await pass(number)
  reading = false
  expect((await Promise.all(readers)).flat()).toEqual([])
})
