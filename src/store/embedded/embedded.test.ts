import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AppError, silentLogger } from '../../platform/index.ts'
import { openStore, type Store } from '../index.ts'
import { startEmbedded } from './embedded.ts'
import { isAlive } from './process-identity.ts'

const FIXTURE = fileURLToPath(new URL('../../../test/harness/hold-database.ts', import.meta.url))
const asRoot = process.getuid?.() === 0
/** every folder on the way to the checkout may be entered by others */
const checkoutIsPublic = FIXTURE.split('/').every((_, index, parts) => {
  const part = parts.slice(0, index + 1).join('/') || '/'
  return (statSync(part).mode & 0o001) !== 0 || statSync(part).isFile()
})

let made: string
let base: string
let folder: string
const children: ChildProcess[] = []

beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'faultline-made-'))
  await (await openStore({ folder: made, log: silentLogger(), onGone: () => undefined })).close()
})

afterAll(() => rmSync(made, { recursive: true }))

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'faultline-embedded-'))
  folder = join(base, 'data')
})

/** A folder with a database that earlier tests have used: making one anew takes seconds. */
function useMade(): void {
  folder = made
}

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
  rmSync(base, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

function open(onGone: (error: AppError) => void = () => undefined): Promise<Store> {
  return openStore({ folder, log: silentLogger(), onGone })
}

interface Held {
  child: ChildProcess
  answer: { pid: number; host: string; users: number } & { code: string; message: string }
}

/** The fixture in a process of its own, behind the given command. */
async function hold(prefix: string[] = []): Promise<Held> {
  const [program = '', ...args] = [...prefix, process.execPath, FIXTURE, folder]
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/' })
  children.push(child)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { child, answer: JSON.parse(line) as Held['answer'] }
}

async function endOf({ child }: Held): Promise<void> {
  const ended = once(child, 'exit')
  child.stdin?.end()
  await ended
}

test('what was stored is there after a stop and a start; the folder is private', async () => {
  useMade()
  const first = await open()
  await first.db.insertInto('projects').values({ id: 'shop', name: 'Shop', createdAt: new Date() }).execute()
  await first.close()
  await first.close()
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(existsSync(join(folder, 'lock'))).toBe(false)
  const second = await open()
  expect(await second.db.selectFrom('projects').select('id').execute()).toEqual([{ id: 'shop' }])
  await second.close()
})

test('after kill -9 of the server PostgreSQL ends within 3 seconds, and the next start works', async () => {
  useMade()
  const held = await hold()
  expect(isAlive(held.answer.pid)).toBe(true)
  held.child.kill('SIGKILL')
  await expect.poll(() => isAlive(held.answer.pid), { timeout: 3_000 }).toBe(false)
  const again = await open()
  await again.close()
})

test('a second server on the same folder is refused, and told who has it', async () => {
  useMade()
  const held = await hold()
  const refused = open()
  await expect(refused).rejects.toMatchObject({
    code: 'store/data-folder-in-use',
    message: expect.stringContaining(`process ${held.child.pid}`)
  })
  await expect(refused).rejects.toThrow(folder)
  await endOf(held)
  expect(isAlive(held.answer.pid)).toBe(false)
})

test('a PostgreSQL that a killed server left behind is stopped at the next start', async () => {
  useMade()
  const gone: AppError[] = []
  const options = { folder, log: silentLogger(), onGone: (error: AppError) => gone.push(error) }
  const left = await startEmbedded(options)
  rmSync(join(folder, 'lock'))
  const next = await startEmbedded({ ...options, onGone: () => undefined })
  expect(isAlive(left.pid)).toBe(false)
  expect(isAlive(next.pid)).toBe(true)
  expect(gone.map((error) => error.code)).toEqual(['store/database-gone'])
  await next.stop()
})

test('a database that ends by itself is reported once, queries fail as unavailable, and the store still closes', async () => {
  useMade()
  const gone: AppError[] = []
  const store = await open((error) => gone.push(error))
  await store.db.selectFrom('users').selectAll().execute()
  const { readPidFile } = await import('./postmaster.ts')
  process.kill(readPidFile(join(folder, 'postgres'))?.pid ?? 0, 'SIGKILL')
  await expect.poll(() => gone.length).toBe(1)
  expect(gone[0]).toMatchObject({ code: 'store/database-gone', message: expect.stringContaining('signal SIGKILL') })
  await expect(store.db.selectFrom('users').selectAll().execute()).rejects.toMatchObject({ code: 'store/unavailable' })
  await store.close()
  expect(gone).toHaveLength(1)
})

test('a start that was killed while it made the database is made again', async () => {
  mkdirSync(join(folder, 'postgres.new'), { recursive: true })
  writeFileSync(join(folder, 'postgres.new', 'PG_VERSION'), 'half')
  await (await open()).close()
  expect(existsSync(join(folder, 'postgres.new'))).toBe(false)
})

test('a database of another PostgreSQL is refused with the way out, and the folder is given back', async () => {
  mkdirSync(join(folder, 'postgres'), { recursive: true })
  writeFileSync(join(folder, 'postgres', 'PG_VERSION'), '17\n')
  const refused = { code: 'store/database-version', message: expect.stringMatching(/PostgreSQL 17.*Back it up/) }
  await expect(open()).rejects.toMatchObject(refused)
  await expect(open()).rejects.toMatchObject(refused)
})

test('a folder with a long path works', async () => {
  folder = join(base, 'x'.repeat(120))
  renameSync(made, folder)
  const store = await open()
  expect(await store.db.selectFrom('users').selectAll().execute()).toEqual([])
  await store.close()
  renameSync(folder, made)
})

test.skipIf(!asRoot || !checkoutIsPublic)('it runs as a plain user too, and ends with a killed server', async () => {
  chownSync(base, 65534, 65534)
  const plain = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
  const first = await hold(plain)
  expect(first.answer).toMatchObject({ users: 0 })
  await endOf(first)
  const second = await hold(plain)
  second.child.kill('SIGKILL')
  await expect.poll(() => isAlive(second.answer.pid), { timeout: 3_000 }).toBe(false)
  const third = await hold(plain)
  expect(third.answer).toMatchObject({ users: 0 })
  await endOf(third)
})

test.skipIf(!asRoot)('where user namespaces are refused to root, the message names the way out', async () => {
  const refuse = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
  const { answer } = await hold(['unshare', '--user', '--map-root-user', 'sh', '-c', refuse, 'sh'])
  expect(answer).toMatchObject({
    code: 'store/no-embedded-database',
    message: expect.stringContaining('FAULTLINE_DATABASE_URL')
  })
})
