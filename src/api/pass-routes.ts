import type { Pass, PassQuery, PassTexts } from '../contract/index.ts'
import {
  itemsOfPass,
  listPasses,
  type PassItem,
  type PassSummary,
  revisionText,
  snapshot,
  type Tx
} from '../store/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { idCursor, pageOf, pageRequest } from './page.ts'
import { project, unknown } from './run-routes.ts'

/** of a text that is compared, in characters */
const MAX_TEXT = 262_144

/** The history of sync passes: one line each, what each did, and the texts of one file when somebody opens it. */
export const passRoutes: Handlers<'listPasses' | 'passItems' | 'passTexts'> = {
  listPasses: async (call, { store }) => {
    const { limit, from: before } = pageRequest(call, idCursor)
    const { outcome } = call.query as PassQuery
    const rows = await listPasses(store.db, project(call), {
      limit: limit + 1,
      ...(before !== undefined && { before }),
      ...(outcome !== undefined && { outcome })
    })
    return { body: pageOf(rows, { limit, key: (row) => row.id, view: passView }) }
  },

  passItems: async (call, api) => ({
    body: {
      items: (await items(call, api)).map(({ path, action, note, revisions }) => ({
        path,
        action,
        note,
        hasTexts: revisions !== undefined
      }))
    }
  }),

  passTexts: async (call, api) => {
    const number = call.params.item ?? ''
    const item = /^\d{1,4}$/.test(number) ? (await items(call, api))[Number(number)] : undefined
    const revisions = item?.revisions
    if (revisions === undefined) throw unknown('difference of texts', number)
    return { body: await snapshot(api.store.db, (tx) => texts(tx, revisions)) }
  }
}

async function items(call: Call, { store }: ApiOptions): Promise<PassItem[]> {
  const id = call.params.pass ?? ''
  const found = await itemsOfPass(store.db, project(call), id)
  if (found === undefined) throw unknown('pass', id)
  return found
}

async function texts(db: Tx, { definition, before, after }: NonNullable<PassItem['revisions']>): Promise<PassTexts> {
  const text = async (number: number | null) =>
    number === null ? null : ((await revisionText(db, definition, number)) ?? null)
  const both = { before: await text(before), after: await text(after) }
  const tooLarge = Math.max(both.before?.length ?? 0, both.after?.length ?? 0) > MAX_TEXT
  return tooLarge ? { before: null, after: null, tooLarge } : { ...both, tooLarge }
}

function passView({ id, startedAt, endedAt, outcome, fromCommit, tip, message, counts }: PassSummary): Pass {
  const times = { startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString() }
  return { id, ...times, outcome, from: fromCommit, tip, message, counts: counts as Pass['counts'] }
}
