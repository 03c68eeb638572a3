import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Project } from '../src/contract/index.ts'
import { ApiClient } from '../src/demo/api-client.ts'
import { until } from '../src/demo/patience.ts'
import { type Command, faultline } from './harness/command.ts'
import { freePort } from './harness/free-port.ts'

/** `faultline backup` and `restore` as whoever runs a server meets them, with the embedded database. */
let folder: string
let port: number
let file: string
let server: Command
const PASSWORD = 'a better password 42'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-backup-'))
  port = await freePort()
  file = join(folder, 'backup.gz')
  server = await serve('first')
  const api = await signIn((await readFile(join(folder, 'first/admin-password'), 'utf8')).trim())
  await api.put('/session/password', {
    current: (await readFile(join(folder, 'first/admin-password'), 'utf8')).trim(),
    next: PASSWORD
  })
  await api.post('/projects', { id: 'shop', name: 'Shop' })
})
afterAll(async () => {
  await stop()
  await rm(folder, { recursive: true, force: true })
})

const env = (data: string) => ({ FAULTLINE_DATA_FOLDER: join(folder, data), FAULTLINE_PORT: String(port) })
const run = (data: string, ...args: string[]) => faultline(args, env(data)).ended

async function serve(data: string): Promise<Command> {
  const command = faultline(['serve'], env(data))
  await until('the server answers', 30, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok)
  return command
}

async function stop(): Promise<void> {
  server.process.kill('SIGTERM')
  await server.ended
}

async function signIn(password: string): Promise<ApiClient> {
  const api = new ApiClient(new URL(`http://127.0.0.1:${port}`))
  await api.login('admin', password)
  return api
}

it('is made while the server runs, is for its owner alone, and overwrites nothing', async () => {
  const { code, stdout, stderr } = await run('first', 'backup', file, '--output', 'json')
  expect([code, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout)).toMatchObject({ file, withSecretKey: false, rows: expect.any(Number) })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const key = (await readFile(join(folder, 'first/secret.key'), 'utf8')).trim()
  expect(gunzipSync(await readFile(file)).toString()).not.toContain(key)
  expect(await run('first', 'backup', file)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there already')
  })
  expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([])
  expect(await run('none', 'backup')).toMatchObject({ code: 2, stderr: expect.stringContaining('no database in') })
})

it('is refused below a server that runs, and into a database that holds something', async () => {
  const below = await run('first', 'restore', file, '--replace')
  expect(below).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/in use by process \d+\. Stop that server first/)
  })
  await stop()
  const full = await run('first', 'restore', file)
  expect(full).toMatchObject({ code: 3, stderr: expect.stringContaining('With --replace') })
  const damaged = join(folder, 'damaged.gz')
  await writeFile(damaged, (await readFile(file)).subarray(0, -9))
  const refused = await run('fourth', 'restore', damaged)
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('not a backup that can be restored') })
  expect(await run('fourth', 'restore', join(folder, 'nowhere'))).toMatchObject({ code: 2 })
})

it('a server elsewhere goes on from it; with the key, if that was asked for', async () => {
  const withKey = join(folder, 'with-key.gz')
  const made = await run('first', 'backup', withKey, '--with-secret-key')
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('whoever has it') })
  const { code, stdout } = await run('second', 'restore', withKey)
  expect([code, stdout]).toEqual([0, expect.stringContaining('secret key is in secret.key')])
  const keys = ['first', 'second'].map((data) => readFile(join(folder, data, 'secret.key'), 'utf8'))
  expect(new Set(await Promise.all(keys)).size).toBe(1)
  expect((await stat(join(folder, 'second/secret.key'))).mode & 0o777).toBe(0o600)

  server = await serve('second')
  const api = await signIn(PASSWORD)
  expect(await api.get<{ items: Project[] }>('/projects')).toMatchObject({ items: [{ id: 'shop' }] })
  expect(await api.get('/projects/shop/kill-switch')).toMatchObject({ engaged: { by: 'restore' } })
})
