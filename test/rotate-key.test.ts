import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSealer, Secret, systemClock } from '../src/platform/index.ts'
import { SEALED_COLUMNS } from '../src/store/sync/write.ts'
import { sealContext } from '../src/sync/desk.ts'
import { noSettings } from '../src/sync/no-settings.ts'
import { faultline } from './harness/command.ts'
import { type TestStore, testStore } from './harness/database.ts'

/** A new secret key in place of one that was seen by somebody. */
const [OLD, NEW, OTHER] = Array.from({ length: 3 }, () => randomBytes(32).toString('base64'))
let store: TestStore
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-rotate-'))
  store = await testStore()
  const stored = { shop: OLD, bank: OLD, lost: OTHER }
  for (const [id, key] of Object.entries(stored)) {
    const sealer = createSealer(new Secret(key ?? ''))
    const sealed = SEALED_COLUMNS.map((column) => [
      column,
      sealer.seal(new Secret(`${column} of ${id}`), sealContext(id))
    ])
    await store.db.insertInto('projects').values({ id, name: id, createdAt: new Date() }).execute()
    const settings = { ...noSettings({ clock: systemClock }, id), ...Object.fromEntries(sealed) }
    await store.db.insertInto('gitopsSettings').values(settings).execute()
  }
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const rotate = (env: Record<string, string>) =>
  faultline(['admin', 'rotate-key', '--output', 'json'], {
    FAULTLINE_DATABASE_URL: store.databaseUrl,
    FAULTLINE_DATA_FOLDER: folder,
    ...env
  }).ended

it('every stored credential opens with the new key alone; what neither opens is named and left', async () => {
  const before = await store.db.selectFrom('gitopsSettings').select(['projectId', 'epoch', 'tokenSealed']).execute()
  const { code, stdout, stderr } = await rotate({
    FAULTLINE_SECRET_KEY: NEW ?? '',
    FAULTLINE_SECRET_KEY_OLD: OLD ?? ''
  })
  expect([code, JSON.parse(stdout)]).toEqual([1, { credentials: 2 * SEALED_COLUMNS.length, unreadable: ['lost'] }])
  for (const key of [OLD, NEW, OTHER]) expect(stdout + stderr).not.toContain(key)

  const sealer = createSealer(new Secret(NEW ?? ''))
  for (const project of ['shop', 'bank']) {
    const row = await store.db
      .selectFrom('gitopsSettings')
      .selectAll()
      .where('projectId', '=', project)
      .executeTakeFirstOrThrow()
    for (const column of SEALED_COLUMNS) {
      const opened = sealer.open(row[column] ?? Buffer.of(), sealContext(project)).reveal()
      expect(opened).toBe(`${column} of ${project}`)
    }
  }
  const after = await store.db.selectFrom('gitopsSettings').select(['projectId', 'epoch', 'tokenSealed']).execute()
  const epochs = (rows: typeof after) => rows.map(({ epoch }) => epoch)
  expect(epochs(after)).toEqual(epochs(before))
  const lost = (rows: typeof after) => rows.find(({ projectId }) => projectId === 'lost')?.tokenSealed
  expect(lost(after)).toEqual(lost(before))
})

it('without the old key, or with one that is none, it says so and changes nothing', async () => {
  expect(await rotate({ FAULTLINE_SECRET_KEY: NEW ?? '' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('FAULTLINE_SECRET_KEY_OLD is not set')
  })
  const bad = await rotate({ FAULTLINE_SECRET_KEY: NEW ?? '', FAULTLINE_SECRET_KEY_OLD: 'c2hvcnQ=' })
  expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('32 bytes as base64') })
})
