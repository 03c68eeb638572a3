import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import type { EditRequest } from '../../src/contract/index.ts'
import { ApiClient } from '../../src/demo/api-client.ts'
import { type GitServer, startGitServer } from '../../src/demo/git-server.ts'
import { until } from '../../src/demo/patience.ts'
import { type Sibling, startSibling } from '../../src/demo/processes.ts'
import { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { freePort } from '../harness/free-port.ts'

/**
 * The server is killed in the middle of saves and passes, again and again, with its own embedded database. Whatever it
 * has acknowledged must be in git afterwards, each edit as one commit at most, and nothing that a person pushed is lost.
 */
const TOKEN = 'token-of-the-kill-test'
const KILLS = 6
const WORKFLOWS = ['one', 'two', 'three']

let folder: string
let git: GitServer
let server: Sibling | undefined

afterEach(async () => {
  await server?.stop()
  await git.close()
  await rm(folder, { recursive: true, force: true })
})

async function start(port: number): Promise<ApiClient> {
  const env = {
    PATH: process.env.PATH,
    FAULTLINE_DATA_FOLDER: join(folder, 'data'),
    FAULTLINE_PORT: String(port),
    FAULTLINE_EGRESS_ALLOW: `127.0.0.1:${git.port}`
  }
  server = startSibling('server', ['serve', '--demo'], { env, log: join(folder, 'server.log') })
  const api = new ApiClient(new URL(`http://127.0.0.1:${port}`))
  await until('the server answers', 30, async () => {
    await api.login('admin', (await readFile(join(folder, 'data', 'admin-password'), 'utf8')).trim())
    return true
  })
  return api
}

async function kill(): Promise<void> {
  if (server === undefined) return
  process.kill(server.pid, 'SIGKILL')
  await server.ended
}

interface Acknowledged {
  edit: EditRequest
  text: string
}

/** Saves as fast as it can until the server is gone; notes what was acknowledged, and only that. */
async function saveUntilGone(api: ApiClient, round: number, acknowledged: Acknowledged[]): Promise<void> {
  for (let number = 0; ; number++) {
    const name = WORKFLOWS[number % WORKFLOWS.length] ?? ''
    try {
      const { head, etag } = await api.workflow('shop', name)
      const text = `${head}# ${round}.${number}\n`
      const edit = await api.saveWorkflow('shop', name, { text, etag, message: `Save ${round}.${number}`, wait: false })
      acknowledged.push({ edit, text })
    } catch (error) {
      if (!(error instanceof Error) || /fetch failed|terminated|ECONN/.test(`${error.message} ${error.cause}`)) return
      if (!/api\/stale|412/.test(error.message)) throw error
    }
  }
}

it('nothing that was acknowledged is lost, however often the server is killed', { timeout: 240_000 }, async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-kill-'))
  git = await startGitServer({ folder: join(folder, 'git'), token: TOKEN })
  await git.createRepository('shop', { branch: 'main' })
  const port = await freePort()
  let api = await start(port)
  await api.post('/projects', { id: 'shop', name: 'Shop' })
  await api.put('/projects/shop/gitops', {
    url: git.url('shop'),
    branch: 'main',
    username: 'x',
    token: TOKEN,
    pollSeconds: 1
  })
  await api.post('/projects/shop/gitops/enable', { create: true })
  for (const name of WORKFLOWS) await api.createWorkflow('shop', shopWorkflow(name), `Add ${name}`)
  const person = await Clone.make(
    git.url('shop').replace('http://', `http://x:${TOKEN}@`),
    join(folder, 'clone'),
    process.env
  )

  const acknowledged: Acknowledged[] = []
  const pushed: string[] = []
  for (let round = 0; round < KILLS; round++) {
    const saving = saveUntilGone(api, round, acknowledged)
    await sleep(300 + Math.random() * 1200)
    pushed.push(await pushBeside(person, round))
    await sleep(Math.random() * 400)
    await kill()
    await saving
    api = await start(port)
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
    expect(text).toBe(last)
    expect(await person.read(`litmus/shop/${name}.yaml`)).toBe(last)
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
