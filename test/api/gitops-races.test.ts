import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EditRequest, Gitops } from '../../src/contract/index.ts'
import type { ApiClient } from '../../src/demo/api-client.ts'
import { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { settles } from '../harness/server.ts'
import { startTestServers, type TestServers } from '../harness/servers.ts'

let world: TestServers
let one: ApiClient
let two: ApiClient

beforeAll(async () => {
  world = await startTestServers(2)
  const [first, second] = world.apis
  if (first === undefined || second === undefined) throw new Error('two servers')
  one = first
  two = second
})
afterAll(() => world.close())

const settings = (project: string) => ({
  url: world.git.url(project),
  branch: 'main',
  username: 'test',
  token: world.gitToken,
  pollSeconds: 1
})

async function connected(project: string): Promise<Clone> {
  await world.git.createRepository(project, { branch: 'main' })
  await one.post('/projects', { id: project, name: project })
  await one.put(`/projects/${project}/gitops`, settings(project))
  await one.post(`/projects/${project}/gitops/enable`, { create: true })
  const url = world.git.url(project).replace('http://', `http://test:${world.gitToken}@`)
  return Clone.make(url, join(world.folder, `clone-${project}`), process.env)
}

describe('two servers and people at one project', () => {
  it('who saves the settings does not turn on again what the other has just turned off', async () => {
    await connected('off')
    const both = await world.store.db.transaction().execute(async (tx) => {
      await sql`select 1 from gitops_settings where project_id = 'off' for update`.execute(tx)
      const off = one.post('/projects/off/gitops/disable', {})
      await waiting(1)
      const saved = two.put('/projects/off/gitops', settings('off'))
      await waiting(2)
      return [off, saved]
    })
    await Promise.all(both)
    expect(await one.get<Gitops>('/projects/off/gitops')).toMatchObject({ enabled: false })
  })

  it('a pass that another server has taken over writes nothing of what it has read', async () => {
    const person = await connected('fenced')
    const path = 'litmus/fenced/one.yaml'
    await person.push(path, shopWorkflow('one'), 'Add one')
    await settles(() => one.workflow('fenced', 'one').then(({ sync }) => sync)).toBe('in-git')
    const late = `${shopWorkflow('one')}# late\n`
    const { db } = world.store
    const other = { lease: 'another server', leasedUntil: new Date(Date.now() + 60_000) }
    await db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtext('edit'), hashtext('fenced'))`.execute(tx)
      await person.push(path, late, 'Late')
      await waiting(1)
      await db.updateTable('syncState').set(other).where('projectId', '=', 'fenced').execute()
    })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await one.workflow('fenced', 'one')).text).toBe(shopWorkflow('one'))
    await db
      .updateTable('syncState')
      .set({ lease: null, leasedUntil: null })
      .where('projectId', '=', 'fenced')
      .execute()
    await settles(() => one.workflow('fenced', 'one').then(({ text }) => text)).toBe(late)
  })

  it('saves on both, pushes beside them: one commit for each edit, no text lost', { timeout: 60_000 }, async () => {
    const person = await connected('busy')
    const names = ['a', 'b', 'c', 'd']
    for (const name of names) await one.createWorkflow('busy', shopWorkflow(name), `Add ${name}`)
    const edits: EditRequest[] = []
    const save = async (api: ApiClient, name: string, ms: number) => {
      const { head, etag } = await api.workflow('busy', name)
      const text = `${head}# ${ms}\n`
      edits.push(await api.saveWorkflow('busy', name, { text, etag, message: `Save ${name} ${ms}`, wait: false }))
    }
    const saving = Array.from({ length: 12 }, async (_, round) => {
      for (const [index, name] of names.entries())
        await save((round + index) % 2 === 0 ? one : two, name, round).catch((error: Error) => {
          if (!/stale|412|412|changed/.test(error.message)) throw error
        })
    })
    const pushing = (async () => {
      for (let round = 0; round < 8; round++) {
        await person.write('notes.md', `${round}`)
        await person.git('add', '--all')
        await person.git('commit', '--quiet', '--message', `Notes ${round}`)
        await expect
          .poll(
            () =>
              person
                .git('pull', '--quiet', '--rebase')
                .then(() => person.git('push', '--quiet', 'origin', 'HEAD:main')),
            { timeout: 20_000 }
          )
          .toBeDefined()
        await one.post('/projects/busy/gitops/sync')
      }
    })()
    await Promise.all([...saving, pushing])
    await settles(
      () => one.get<{ items: EditRequest[] }>('/projects/busy/edits').then(({ items }) => items),
      30_000
    ).toEqual([])
    await person.git('pull', '--quiet', '--rebase')
    const subjects = (await person.log('%s')).trim().split('\n')
    for (const { id, message } of edits) {
      const { state } = await two.get<EditRequest>(`/projects/busy/edits/${id}`)
      const times = subjects.filter((subject) => subject === message).length
      expect(`${message}: ${state} ${times}`).toMatch(/: (merged 1|superseded 0)$/)
    }
    for (const name of names) {
      const { text, head, sync } = await two.workflow('busy', name)
      expect(sync).toBe('in-git')
      expect(text).toBe(head)
      expect(await person.read(`litmus/busy/${name}.yaml`)).toBe(text)
    }
  })
})

/** Until so many connections of the servers wait for a lock. */
async function waiting(count: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const { rows } = await sql<{ count: number }>`
        select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
      `.execute(world.store.db)
        return rows[0]?.count
      },
      { timeout: 8_000 }
    )
    .toBe(count)
}
