import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../../test/harness/database.ts'
import { seedProject, seedWorkflow } from '../../../test/harness/rows.ts'
import { firstIdAt } from '../../platform/index.ts'
import { listRuns, pageOfRuns, type RunFilter } from './read.ts'

const RUNS = 20_000
const FIRST = Date.parse('2026-01-01T00:00:00Z')
/** rare things stand at the far end, where a list that reads from the newest one comes to them last */
const RARE = 30
let store: TestStore

beforeAll(async () => {
  store = await testStore()
  const { infrastructureId } = await seedProject(store, 'shop')
  const { infrastructureId: other } = await seedProject(store, 'other')
  const definition = await seedWorkflow(store, { project: 'shop', name: 'often', text: '' })
  const id = (n: string) => sql.raw(`'${firstIdAt(new Date(FIRST)).slice(0, 18)}' || lpad(${n}::text, 8, '0')`)
  await sql`
    insert into runs (id, project_id, definition_id, workflow, revision, infrastructure_id, plan, cause, phase, verdict,
      lease_number, merged_seq, created_at)
    select ${id('n')}, 'shop', ${definition},
      case when n <= ${RARE} then 'rare' else 'often' end, 1,
      case when n <= ${RARE} then ${other} else ${infrastructureId} end, '{}',
      case when n <= ${RARE} then '{"kind":"api","user":"ci"}'::jsonb else '{"kind":"manual","user":"dana"}'::jsonb end,
      case when n <= ${RARE} then 'timeout' else 'completed' end,
      case when n <= ${RARE} then 'fail' else 'pass' end, 1, 1, now()
    from generate_series(1, ${RUNS}) n`.execute(store.db)
  await sql`analyze runs`.execute(store.db)
})
afterAll(() => store.close())

test.each<[string, Partial<RunFilter>]>([
  ['none', {}],
  ['workflow', { workflow: 'rare' }],
  ['cause', { cause: 'api' }],
  ['phase', { phase: 'timeout' }],
  ['verdict', { verdict: 'fail' }],
  ['infrastructure', { infrastructureId: 'infra-other' }],
  ['time', { from: new Date(FIRST), to: new Date(FIRST + 1) }],
  ['several', { workflow: 'rare', verdict: 'fail', cause: 'api' }],
  ['one that fits all and one that fits few', { workflow: 'often', phase: 'timeout' }]
])('a page filtered by %s reads little more than its own rows', async (_, filter) => {
  const page = pageOfRuns(store.db, 'shop', { ...filter, limit: 51 })
  const [plan] = await page.explain<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>('json', sql`analyze`)
  expect(rowsRead(plan?.['QUERY PLAN'][0].Plan)).toBeLessThan(300)
})

test('filters narrow the list down, and pages follow each other', async () => {
  const first = await listRuns(store.db, 'shop', { verdict: 'fail', limit: 20 })
  const rest = await listRuns(store.db, 'shop', { verdict: 'fail', limit: 20, before: first.at(-1)?.id })
  expect([first.length, rest.length]).toEqual([20, RARE - 20])
  expect(new Set([...first, ...rest].map(({ id, workflow }) => `${workflow} ${id}`)).size).toBe(RARE)
})

interface PlanNode {
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: PlanNode[]
}

/** Rows that the scans at the bottom of the plan looked at. */
function rowsRead(node: PlanNode | undefined): number {
  if (node === undefined) return 0
  const below = (node.Plans ?? []).reduce((sum, plan) => sum + rowsRead(plan), 0)
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
  return Math.max(below, own)
}
