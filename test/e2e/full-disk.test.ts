import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiClient } from '../../src/demo/api-client.ts'
import { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { RealServer } from '../harness/real-server.ts'

/** A disk of its own for the server's data, database and bare repositories, that is full and gets room again. */
const SIZE = '240m'
const run = promisify(execFile)

let disk: string
let mounted = false
let server: RealServer
let api: ApiClient
let person: Clone

beforeAll(async () => {
  disk = await mkdtemp(join(tmpdir(), 'faultline-disk-'))
  mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', disk]).then(
    () => true,
    () => false
  )
  if (!mounted) return
  server = await RealServer.make(join(disk, 'data'))
  const { git, gitToken: token } = server
  await git.createRepository('shop', { branch: 'main' })
  api = await server.start()
  await api.post('/projects', { id: 'shop', name: 'Shop' })
  const repository = { url: git.url('shop'), branch: 'main', username: 'x', token, pollSeconds: 1 }
  await api.put('/projects/shop/gitops', repository)
  await api.post('/projects/shop/gitops/enable', { create: true })
  await api.createWorkflow('shop', shopWorkflow('one'), 'Add one')
  const address = git.url('shop').replace('http://', `http://x:${token}@`)
  person = await Clone.make(address, join(server.folder, 'clone'), process.env)
})
afterAll(async () => {
  await server?.close()
  if (mounted) await run('umount', [disk])
  await rm(disk, { recursive: true, force: true })
})

/** Writes until nothing more fits; answers how to make room again. */
async function fill(): Promise<() => Promise<void>> {
  const path = join(disk, 'filler')
  const file = await open(path, 'w')
  const block = Buffer.alloc(64 * 1024)
  try {
    for (;;) await file.write(block)
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' })
  } finally {
    await file.close()
  }
  return () => rm(path)
}

const textOf = async () => (await api.workflow('shop', 'one')).text

it('a full disk refuses what is new, says so, and loses nothing; with room again all goes on', async ({ skip }) => {
  skip(!mounted, 'no right to mount a small disk')
  const text = shopWorkflow('one')
  await expect.poll(textOf).toBe(text)
  const { etag } = await api.workflow('shop', 'one')
  await person.git('pull', '--quiet')
  const makeRoom = await fill()
  const large = Array.from({ length: 20_000 }, () => Math.random().toString(36).slice(2)).join(' ')
  const edit = { text: `${shopWorkflow('one')}# ${large}\n`, etag, message: 'Something large' }
  await expect(api.saveWorkflow('shop', 'one', edit)).rejects.toMatchObject({
    code: 'store/disk-full',
    message: expect.stringMatching(/this was not stored.* Make room where PostgreSQL keeps its data/)
  })
  expect(await textOf()).toBe(text)
  const pushed = `${text}# pushed\n`
  await person.push('litmus/shop/one.yaml', pushed, 'While the disk is full')
  await expect
    .poll(async () => (await api.gitops('shop')).sync, { timeout: 60_000 })
    .toMatchObject({ status: 'stalled', code: 'git/disk-full', message: expect.stringMatching(/Nothing is lost/) })
  await makeRoom()
  await expect.poll(textOf, { timeout: 60_000 }).toBe(pushed)
  const { etag: now } = await api.workflow('shop', 'one')
  const later = `${pushed}# saved\n`
  await api.saveWorkflow('shop', 'one', { text: later, etag: now, message: 'With room again' })
  await expect
    .poll(() => person.git('pull', '--quiet').then(() => person.read('litmus/shop/one.yaml')), { timeout: 60_000 })
    .toBe(later)
}, 180_000)
