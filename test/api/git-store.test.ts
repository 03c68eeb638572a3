import { chmod, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SyncStatus } from '../../src/contract/index.ts'
import type { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cloneOf, connectProject, inGit, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const latency = (ms: string) => shopWorkflow('one').replace('"3000"', `"${ms}"`)
const syncNow = (project: string) => server.api.post<SyncStatus>(`/projects/${project}/gitops/sync`)
const stores = () => join(server.folder, 'server', 'repositories')

async function connected(project: string): Promise<Clone> {
  const url = await connectProject(server, project, { pollSeconds: 3600 })
  const person = await cloneOf(server, url)
  await person.push(`litmus/${project}/one.yaml`, shopWorkflow('one'), 'Add one')
  await syncNow(project)
  await inGit(server, project, 'one', shopWorkflow('one'))
  return person
}

/** A push and a save, which both arrive. */
async function goesOn(project: string, person: Clone): Promise<void> {
  await person.push(`litmus/${project}/two.yaml`, shopWorkflow('two'), 'Add two')
  await syncNow(project)
  await inGit(server, project, 'two', shopWorkflow('two'))
  const { etag } = await server.api.workflow(project, 'one')
  await server.api.saveWorkflow(project, 'one', { text: latency('111'), etag, message: 'Ours' })
  await inGit(server, project, 'one', latency('111'))
  await person.git('pull', '--quiet')
  expect(await person.read(`litmus/${project}/one.yaml`)).toBe(latency('111'))
}

async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

describe('the store on disk is a cache', () => {
  it('locks that a killed git has left are no obstacle', async () => {
    const person = await connected('locks')
    for (const store of await readdir(stores())) {
      if (!store.endsWith('.git')) continue
      for (const name of ['tip', 'written']) await writeFile(join(stores(), store, `refs/faultline/${name}.lock`), '')
    }
    await goesOn('locks', person)
  })

  it('its folder may go while the server runs', async () => {
    const person = await connected('folder')
    await rm(stores(), { recursive: true })
    await goesOn('folder', person)
  })

  it.each(['all', 'half'])('what is cut off is made anew: %s of the files', async (what) => {
    const project = `cut-${what}`
    const person = await connected(project)
    const all = (await files(stores())).filter((file) => /objects\/(pack\/.*\.pack|[\da-f]{2}\/)/.test(file))
    for (const file of what === 'all' ? all : all.slice(0, Math.ceil(all.length / 2))) {
      await chmod(file, 0o600)
      await truncate(file, Math.floor((await stat(file)).size / 2))
    }
    await goesOn(project, person)
  })
})
