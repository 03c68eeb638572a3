import { createHash } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestStore, testDatabase, testStore } from '../../../test/harness/database.ts'
import { Secret, silentLogger } from '../../platform/index.ts'
import type { Db } from '../connect.ts'
import { LATEST_MIGRATION, migrate } from '../migrate.ts'
import { type OpenDatabase, openDatabase } from '../open.ts'
import { dump } from './dump.ts'
import { fillWithRandomRows } from './fixtures/random-rows.ts'
import { migrationsDone, ownTables } from './own-tables.ts'
import { judgeArchive, restore } from './restore.ts'

const NOW = new Date('2026-01-02T03:04:05Z')
let source: TestStore
let target: OpenDatabase & { url: string; drop: () => Promise<void> }
let tables: string[]

beforeAll(async () => {
  source = await testStore()
  target = await openTarget()
  tables = (await ownTables(source.db)).map(({ name }) => name)
})
afterAll(async () => {
  await target.close()
  await target.drop()
  await source.close()
})

async function openTarget() {
  const place = await testDatabase()
  const log = silentLogger()
  const options = { databaseUrl: new Secret(place.url), log, onGone: () => undefined, besideServer: false }
  return { ...(await openDatabase(options)), ...place }
}

async function archiveOf(db: Db, secretKey: Secret | null = null): Promise<Buffer> {
  const sink = new PassThrough()
  const written = buffer(sink)
  await dump(db, { sink, release: '0.1.0', now: NOW, secretKey, onProgress: () => undefined })
  return written
}

const reading = (bytes: Buffer) => () => Readable.from([bytes])

function put(bytes: Buffer, options: Partial<Parameters<typeof restore>[1]> = {}) {
  const onProgress = () => undefined
  return restore(target.db, { archive: reading(bytes), replace: true, killSwitch: null, onProgress, ...options })
}

/** Every row of every table as PostgreSQL writes it: what differs by a microsecond differs here. */
async function contentOf(db: Db): Promise<Record<string, string[]>> {
  const content: Record<string, string[]> = {}
  for (const table of tables) {
    const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(table)} t order by 1`.execute(db)
    content[table] = rows.map(({ row }) => row)
  }
  return content
}

/** A backup that somebody has written by hand: its sums are right. */
function forged(lines: readonly unknown[], { tables, rows }: { tables: number; rows: number }): Buffer {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const sha256 = createHash('sha256').update(text).digest('hex')
  return gzipSync(`${text}${JSON.stringify({ tables, rows, sha256 })}\n`)
}

test('whatever the tables hold, a restored database holds the same, in every table', async () => {
  const seeds = fc.integer({ min: 0, max: 1_000_000 })
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      await sql`truncate ${sql.join(tables.map((name) => sql.table(name)))}`.execute(source.db)
      await fillWithRandomRows(source.db, { tables, seed })
      const before = await contentOf(source.db)
      expect(tables.filter((name) => before[name]?.length === 0)).toEqual([])
      const bytes = await archiveOf(source.db)
      const count = await put(bytes)
      expect(await contentOf(target.db)).toEqual(before)
      expect(count).toMatchObject({ tables: tables.length, rows: Object.values(before).flat().length })
      expect((await migrationsDone(target.db)).at(-1)).toBe(LATEST_MIGRATION)
    }),
    { numRuns: 4 }
  )
})

test('numbers that the database gives go on after the largest one', async () => {
  await put(await archiveOf(source.db))
  const { rows } = await sql<{ top: number; next: number }>`select max(number) as top,
    nextval(pg_get_serial_sequence('edit_requests', 'number')) as next from edit_requests`.execute(target.db)
  expect(rows[0]?.next).toBe((rows[0]?.top ?? 0) + 1)
})

test('what is written while it is made is not in it, as if it were made in one moment', async () => {
  const before = await contentOf(source.db)
  const late = { id: 'late', name: 'Late', createdAt: NOW }
  const sink = new PassThrough()
  const written = buffer(sink)
  let added: Promise<unknown> | undefined
  const onProgress = () => {
    added ??= source.db.insertInto('projects').values(late).execute()
  }
  await dump(source.db, { sink, release: '0.1.0', now: NOW, secretKey: null, onProgress })
  await added
  await put(await written)
  expect(await contentOf(target.db)).toEqual(before)
  await source.db.deleteFrom('projects').where('id', '=', 'late').execute()
})

test('a database that holds something is kept, unless it is to be replaced', async () => {
  const bytes = await archiveOf(source.db)
  await put(bytes)
  await expect(put(bytes, { replace: false })).rejects.toMatchObject({
    code: 'store/not-empty',
    message: expect.stringContaining('--replace')
  })
  const empty = await openTarget()
  const options = { archive: reading(bytes), replace: false, killSwitch: null, onProgress: () => undefined }
  await restore(empty.db, options)
  expect(await contentOf(empty.db)).toEqual(await contentOf(source.db))
  await empty.close()
  await empty.drop()
})

test('a backup of an older release is restored as it was, then brought up to date', async () => {
  const older = await openTarget()
  await migrate(
    older.db,
    (await migrationsDone(source.db)).filter((name) => name < '0008')
  )
  await sql`insert into users (id, login, name, password_hash, must_change_password, created_at)
    values ('u1', 'ada', 'Ada', 'x', false, ${NOW})`.execute(older.db)
  await put(await archiveOf(older.db))
  const users = await target.db.selectFrom('users').select(['login', 'isAdmin']).execute()
  expect(users).toEqual([{ login: 'ada', isAdmin: true }])
  await older.close()
  await older.drop()
})

test('a restored project runs nothing until a person releases its kill switch', async () => {
  await sql`delete from kill_switches`.execute(source.db)
  await put(await archiveOf(source.db), { killSwitch: { reason: 'restored', now: NOW } })
  const engaged = await target.db.selectFrom('killSwitches').select(['projectId', 'reason', 'engagedBy']).execute()
  const projects = await target.db.selectFrom('projects').select('id').execute()
  const expected = projects.map(({ id }) => ({ projectId: id, reason: 'restored', engagedBy: 'restore' }))
  expect(engaged).toHaveLength(expected.length)
  expect(engaged).toEqual(expect.arrayContaining(expected))
})

test('it is not restored below a server that runs', async () => {
  const server = await openDatabase({
    databaseUrl: new Secret(target.url),
    log: silentLogger(),
    onGone: () => undefined,
    besideServer: false
  })
  await server.db.selectFrom('users').select('id').execute()
  await expect(put(await archiveOf(source.db))).rejects.toMatchObject({ code: 'store/database-in-use' })
  await server.close()
})

test('cut off or changed anywhere it is refused before anything is touched', async () => {
  const bytes = await archiveOf(source.db)
  const lines = gunzipSync(bytes).toString()
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 2), async (length) => {
      await expect(judgeArchive(reading(bytes.subarray(0, length)))).rejects.toMatchObject({ code: 'store/bad-backup' })
    }),
    { numRuns: 30 }
  )
  await fc.assert(
    fc.asyncProperty(fc.nat(lines.length - 2), fc.constantFrom('"', 'x', '0', '\n'), async (at, sign) => {
      fc.pre(lines[at] !== sign)
      const changed = gzipSync(`${lines.slice(0, at)}${sign}${lines.slice(at + 1)}`)
      await expect(judgeArchive(reading(changed))).rejects.toMatchObject({
        code: expect.stringMatching(/^store\/(bad-backup|newer-database)$/)
      })
    }),
    { numRuns: 60 }
  )
  for (const other of [Buffer.from(''), Buffer.from('PK'), gzipSync(''), gzipSync('{}\n'), gzipSync(`${lines}{}\n`)]) {
    await expect(judgeArchive(reading(other))).rejects.toMatchObject({ code: 'store/bad-backup' })
  }
})

test('ended in the middle, by its file or by the database, it leaves what was there', async () => {
  const bytes = await archiveOf(source.db)
  await put(bytes)
  await target.db.insertInto('projects').values({ id: 'mine', name: 'Mine', createdAt: NOW }).execute()
  const before = await contentOf(target.db)
  const cut = Buffer.from(bytes.subarray(0, bytes.length - 30))
  await expect(put(cut)).rejects.toMatchObject({ code: 'store/bad-backup' })
  expect(await contentOf(target.db)).toEqual(before)

  const database = /test_\w+/.exec(target.url)?.[0]
  const endingIt = async function* () {
    yield bytes.subarray(0, bytes.length - 30)
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${database}`.execute(source.db)
    yield bytes.subarray(bytes.length - 30)
  }
  await expect(put(bytes, { archive: () => Readable.from(endingIt()) })).rejects.toMatchObject({ kind: 'transient' })
  expect(await contentOf(target.db)).toEqual(before)
})

test('names and values of a forged backup choose nothing that is not a table of ours', async () => {
  await put(await archiveOf(source.db))
  const before = await contentOf(target.db)
  const migrations = await migrationsDone(source.db)
  const head = { faultline: 'backup', format: 1, migrations, release: '0.1.0', madeAt: 'now' }
  const project = { table: 'projects', columns: ['id', 'name', 'created_at'] }
  const cases: [string, unknown[], { tables: number; rows: number }][] = [
    [
      'a table of PostgreSQL',
      [{ table: 'pg_authid', columns: ['rolname'] }, ['x'], { rows: 1 }],
      { tables: 1, rows: 1 }
    ],
    ['SQL as a table', [{ table: 'users; drop table users', columns: ['id'] }, { rows: 0 }], { tables: 1, rows: 0 }],
    ['SQL as a column', [{ table: 'users', columns: ['id) select 1 --'] }, { rows: 0 }], { tables: 1, rows: 0 }],
    ['a column too few', [{ ...project, columns: ['id', 'name'] }, { rows: 0 }], { tables: 1, rows: 0 }],
    ['a column that is not there', [{ ...project, columns: ['id', 'name', 'x'] }, { rows: 0 }], { tables: 1, rows: 0 }],
    ['a column twice', [{ ...project, columns: ['id', 'id', 'name'] }, { rows: 0 }], { tables: 1, rows: 0 }],
    ['a table twice', [project, { rows: 0 }, project, { rows: 0 }], { tables: 2, rows: 0 }],
    ['a value too few', [project, ['a', 'b'], { rows: 1 }], { tables: 1, rows: 1 }],
    ['a value that is no text', [project, ['a', 'b', 7], { rows: 1 }], { tables: 1, rows: 1 }],
    ['a value of another type', [project, ['a', 'b', 'soon'], { rows: 1 }], { tables: 1, rows: 1 }],
    ['NUL', [project, ['a\0', 'b', '2026-01-01'], { rows: 1 }], { tables: 1, rows: 1 }],
    ['a count that is wrong', [project, { rows: 3 }], { tables: 1, rows: 3 }],
    ['a row without a table', [['a']], { tables: 0, rows: 1 }],
    [
      'a member of no project',
      [{ table: 'members', columns: ['project_id', 'user_id', 'role'] }, ['a', 'b', 'owner'], { rows: 1 }],
      { tables: 1, rows: 1 }
    ]
  ]
  for (const [what, lines, counts] of cases) {
    const refused = await put(forged([head, ...lines], counts)).catch((error: unknown) => error)
    expect([what, refused]).toEqual([what, expect.objectContaining({ code: 'store/bad-backup' })])
  }
  const later = forged([{ ...head, migrations: [...migrations, '9999-later'] }], { tables: 0, rows: 0 })
  await expect(judgeArchive(reading(later))).rejects.toMatchObject({
    code: 'store/newer-database',
    message: expect.stringContaining('9999-later')
  })
  expect(await contentOf(target.db)).toEqual(before)
})

test('the secret key is in it only if it is asked for, and never printed', async () => {
  const key = 'c2VjcmV0LWtleS1vZi10aGUtdGVzdC0wMTIzNDU2Nzg='
  const without = await archiveOf(source.db)
  expect(gunzipSync(without).toString()).not.toContain(key)
  expect((await judgeArchive(reading(without))).secretKey).toBeNull()
  const head = await judgeArchive(reading(await archiveOf(source.db, new Secret(key))))
  expect(head.secretKey?.reveal()).toBe(key)
  expect(JSON.stringify(head)).not.toContain(key)
})
