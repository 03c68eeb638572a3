import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CheckResult, Session } from '../src/contract/index.ts'
import { ApiClient } from '../src/demo/api-client.ts'
import { type GitServer, startGitServer } from '../src/demo/git-server.ts'
import { until } from '../src/demo/patience.ts'
import { makeAuthority } from './harness/certificates.ts'
import { freePort } from './harness/free-port.ts'

/** `faultline serve` and `admin` as whoever runs the server meets them, with the embedded database. */
const CLI = join(import.meta.dirname, '../src/main/cli.ts')
let folder: string
let port: number
let server: ChildProcess
let host: GitServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-serve-'))
  port = await freePort()
  const authority = await makeAuthority(folder, 'Authority of the machine')
  host = await startGitServer({ folder: join(folder, 'git'), token: 'x', tls: await authority.issue() })
  const trusted = join(folder, 'trusted.pem')
  await writeFile(trusted, authority.pem)
  server = start(['serve'], { SSL_CERT_FILE: trusted, FAULTLINE_EGRESS_ALLOW: `127.0.0.1:${host.port}` })
  await until('the server answers', 20, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok)
})
afterAll(async () => {
  server.kill('SIGTERM')
  await once(server, 'exit')
  await host.close()
  await rm(folder, { recursive: true, force: true })
})

function start(args: string[], more: Record<string, string> = {}): ChildProcess {
  const env = {
    PATH: process.env.PATH,
    FAULTLINE_DATA_FOLDER: join(folder, 'data'),
    FAULTLINE_PORT: String(port),
    ...more
  }
  return spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function said(args: string[], more: Record<string, string> = {}): Promise<{ code: number; text: string }> {
  const child = start(args, more)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk))
  const [code] = (await once(child, 'close')) as [number]
  return { code, text }
}

it('the first password is in a file that only its owner reads, and must be changed', async () => {
  const file = join(folder, 'data', 'admin-password')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const api = new ApiClient(new URL(`http://127.0.0.1:${port}`))
  const password = (await readFile(file, 'utf8')).trim()
  await api.login('admin', password)
  expect(await api.get<Session>('/session')).toMatchObject({ mustChangePassword: true })
  await expect(api.post('/projects', { id: 'x', name: 'X' })).rejects.toMatchObject({
    code: 'api/password-change-required'
  })
  await api.put('/session/password', { current: password, next: 'a better password 42' })
  await api.post('/projects', { id: 'x', name: 'X' })
  await expect(stat(file)).rejects.toThrow(/ENOENT/)

  // an authority that the machine trusts need not be given for each project
  const settings = { url: host.url('x'), branch: 'main', token: 'x' }
  const { steps } = await api.post<CheckResult>('/projects/x/gitops/test', settings)
  expect(steps.find(({ state }) => state === 'failed')).toMatchObject({ code: 'git/not-found' })
})

it('a data folder in use, a port in use, a misspelt setting, a bad value: one sentence each', async () => {
  expect(await said(['serve'])).toMatchObject({
    code: 1,
    text: expect.stringMatching(/in use by process \d+\. Stop that/)
  })
  const taken = await listen()
  const other = {
    FAULTLINE_DATA_FOLDER: join(folder, 'other'),
    FAULTLINE_PORT: String((taken.address() as { port: number }).port)
  }
  expect(await said(['serve'], other)).toMatchObject({
    code: 1,
    text: expect.stringMatching(/Port \d+ of 127.0.0.1 is in use .* FAULTLINE_PORT/)
  })
  taken.close()
  const misspelt = await said(['serve'], { FAULTLINE_PROT: '1' })
  expect(misspelt).toMatchObject({ code: 1, text: expect.stringContaining('FAULTLINE_PROT: there is no such setting') })
  const bad = await said(['serve'], { FAULTLINE_PORT: 'seven' })
  expect(bad).toMatchObject({
    code: 1,
    text: expect.stringContaining('FAULTLINE_PORT is "seven": give a whole number')
  })
  const gone = {
    FAULTLINE_DATA_FOLDER: join(folder, 'third'),
    FAULTLINE_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none'
  }
  expect(await said(['serve'], gone)).toMatchObject({
    code: 1,
    text: expect.stringContaining('The database cannot be reached')
  })
})

it('what cannot start ends at once, though whoever started it holds its input; the demo says the port first', async () => {
  const taken = await listen()
  const inUse = String((taken.address() as { port: number }).port)
  const env = { PATH: process.env.PATH, FAULTLINE_DATA_FOLDER: join(folder, 'fourth'), FAULTLINE_PORT: inUse }
  const child = spawn(process.execPath, [CLI, 'serve', '--with-parent'], { env, stdio: ['pipe', 'ignore', 'ignore'] })
  expect((await once(child, 'exit'))[0]).toBe(1)
  const demo = await said(['demo', '--port', inUse])
  expect(demo).toMatchObject({ code: 1, text: expect.stringContaining(`npm run demo -- --port ${Number(inUse) + 1}`) })
  taken.close()
})

async function listen(): Promise<Server> {
  const socket = createServer().listen(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

it('a password can be reset while the server is stopped, and the next login must change it', async () => {
  expect(await said(['admin', 'reset-password', 'admin'])).toMatchObject({
    code: 3,
    text: expect.stringContaining('Stop that server first')
  })
  server.kill('SIGTERM')
  await once(server, 'exit')
  const { code, text } = await said(['admin', 'reset-password', 'admin'])
  expect(code).toBe(0)
  const password = /New password of admin: (\S+)/.exec(text)?.[1] ?? ''
  server = start(['serve'])
  const api = new ApiClient(new URL(`http://127.0.0.1:${port}`))
  await expect
    .poll(
      () =>
        api.login('admin', password).then(
          () => true,
          () => false
        ),
      { timeout: 20_000 }
    )
    .toBe(true)
  expect(await api.get<Session>('/session')).toMatchObject({ mustChangePassword: true })
})
