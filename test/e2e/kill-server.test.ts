import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { EditRequest } from '../../src/contract/index.ts'
import type { ApiClient } from '../../src/demo/api-client.ts'
import { until } from '../../src/demo/patience.ts'
import { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { RealServer } from '../harness/real-server.ts'

/**
 * The server is killed in the middle of saves and passes, again and again, with its own embedded database. Whatever it
 * has acknowledged must be in git afterwards, each edit as one commit at most, and nothing that a person pushed is lost.
 */
const KILLS = 6
const WORKFLOWS = ['one', 'two', 'three']

let server: RealServer

beforeEach(async () => {
  server = await RealServer.make()
})
afterEach(() => server.close())

interface Acknowledged {
  edit: EditRequest
  text: string
}

/**
 * Saves as fast as it can until the server is gone; notes what was acknowledged. Answers the text that was not: the
 * server may have stored it and died before it could say so.
 */
async function saveUntilGone(api: ApiClient, round: number, acknowledged: Acknowledged[]): Promise<string | null> {
  for (let number = 0; ; number++) {
    const name = WORKFLOWS[number % WORKFLOWS.length] ?? ''
    let text: string | null = null
    try {
      const { head, etag } = await api.workflow('shop', name)
      text = `${head}# ${round}.${number}\n`
      const edit = await api.saveWorkflow('shop', name, { text, etag, message: `Save ${round}.${number}`, wait: false })
      acknowledged.push({ edit, text })
    } catch (error) {
      if (!(error instanceof Error) || /fetch failed|terminated|ECONN/.test(`${error.message} ${error.cause}`))
        return text
      if (!/api\/stale|412/.test(error.message)) throw error
    }
  }
}

it('nothing that was acknowledged is lost, however often the server is killed', { timeout: 240_000 }, async () => {
  const { git, gitToken: token } = server
  await git.createRepository('shop', { branch: 'main' })
  let api = await server.start()
  await api.post('/projects', { id: 'shop', name: 'Shop' })
  await api.put('/projects/shop/gitops', {
    url: git.url('shop'),
    branch: 'main',
    username: 'x',
    token,
    pollSeconds: 1
  })
  await api.post('/projects/shop/gitops/enable', { create: true })
  for (const name of WORKFLOWS) await api.createWorkflow('shop', shopWorkflow(name), `Add ${name}`)
  const person = await Clone.make(
    git.url('shop').replace('http://', `http://x:${token}@`),
    join(server.folder, 'clone'),
    process.env
  )

  const acknowledged: Acknowledged[] = []
  const pushed: string[] = []
  const unanswered: (string | null)[] = []
  for (let round = 0; round < KILLS; round++) {
    const saving = saveUntilGone(api, round, acknowledged)
    await sleep(300 + Math.random() * 1200)
    pushed.push(await pushBeside(person, round))
    await sleep(Math.random() * 400)
    await server.kill()
    unanswered.push(await saving)
    api = await server.start()
  }

  const states = await until('every edit has ended', 60, async () => {
    const edits = await Promise.all(
      acknowledged.map(({ edit }) => api.get<EditRequest>(`/projects/shop/edits/${edit.id}`))
    )
    return edits.every(({ state }) => state !== 'open') && edits
  })
  await person.git('pull', '--quiet', '--rebase')
  expect(acknowledged.length).toBeGreaterThan(KILLS)
  const subjects = (await person.log('%s')).trim().split('\n')
  const once = (subject: string) => subjects.filter((one) => one === subject).length
  for (const { state, message } of states) {
    // one author: an edit is in git once, or a newer one of the same person took its place before it was pushed
    expect(`${message}: ${state} ${once(message)}`).toMatch(/: (merged 1|superseded 0)$/)
  }
  for (const subject of pushed) expect(once(subject)).toBe(1)
  for (const name of WORKFLOWS) {
    const last = acknowledged.findLast(({ edit }) => edit.name === name)?.text
    const { text, sync } = await api.workflow('shop', name)
    expect(sync).toBe('in-git')
    expect([last, ...unanswered]).toContain(text)
    expect(await person.read(`litmus/shop/${name}.yaml`)).toBe(text)
  }
})

/** Somebody else pushes to the same branch, another file. */
async function pushBeside(person: Clone, round: number): Promise<string> {
  const subject = `Notes ${round}`
  await person.write('notes.md', `${round}\n`)
  await person.git('add', '--all')
  await person.git('commit', '--quiet', '--message', subject)
  await until('the push arrives', 20, async () => {
    await person.git('pull', '--quiet', '--rebase')
    await person.git('push', '--quiet', 'origin', 'HEAD:main')
    return true
  })
  return subject
}
