import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGitServer } from '../../src/demo/git-server.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { freePort } from '../harness/free-port.ts'
import { cloneOf, connectProject, inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const many = Array.from({ length: 14 }, (_, number) => `many${number}`)

/** GitOps on for many projects of one repository of another git host. */
async function manyOn(url: string): Promise<void> {
  for (const project of many) {
    await server.api.post('/projects', { id: project, name: project })
    const settings = { url, branch: 'main', username: 'x', token: server.gitToken, pollSeconds: 1 }
    await server.api.put(`/projects/${project}/gitops`, settings)
    await server.api.post(`/projects/${project}/gitops/enable`, { create: true })
  }
}

it('a host that hangs delays no other; projects of one repository share its tip checks', {
  timeout: 90_000
}, async () => {
  const other = await startGitServer({
    folder: `${server.folder}/other`,
    token: server.gitToken,
    port: server.otherPort
  })
  try {
    await other.createRepository('mono', { branch: 'main' })
    await manyOn(other.url('mono'))
    const person = await cloneOf(server, await connectProject(server, 'quick'))

    const before = other.requests()
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    // 14 projects look once a second: without sharing these were 56 requests
    expect(other.requests() - before).toBeLessThan(20)

    other.hang(true)
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    const started = performance.now()
    await person.push('litmus/quick/one.yaml', shopWorkflow('one'), 'Add one')
    await inGit(server, 'quick', 'one', shopWorkflow('one'))
    expect(performance.now() - started).toBeLessThan(5_000)
    // six of the fourteen are asking at a time, so which one says it first is a matter of turns
    const states = () => Promise.all(many.map((project) => server.api.gitops(project).then(({ sync }) => sync)))
    const said = () => states().then((all) => all.map(({ status, code }) => `${status} ${code}`))
    const hangs = expect.stringMatching(/reconciling (git|outbound)\/(timeout|unreachable)/)
    await settles(said, 20_000).toContainEqual(hangs)
    other.hang(false)
    await settles(said, 30_000).toEqual(many.map(() => 'ready null'))
  } finally {
    await other.close()
  }
})

it('a host that nobody answers at is said, and tried again', async () => {
  await connectProject(server, 'nobody')
  const port = await freePort()
  const check = await server.api.post<{ steps: { name: string; state: string; message: string }[] }>(
    '/projects/nobody/gitops/test',
    { url: `http://127.0.0.1:${port}/x.git`, branch: 'main', token: 'x' }
  )
  expect(check.steps.find(({ state }) => state === 'failed')).toMatchObject({ name: 'url' })
})

it('a host that asks for a pause is not asked before, by no poll, knock or edit; then it goes on by itself', async () => {
  const other = await startGitServer({
    folder: `${server.folder}/paused`,
    token: server.gitToken,
    port: server.otherPort
  })
  try {
    await other.createRepository('paused', { branch: 'main' })
    await server.api.post('/projects', { id: 'paused', name: 'Paused' })
    const settings = { url: other.url('paused'), branch: 'main', username: 'x', token: server.gitToken, pollSeconds: 1 }
    await server.api.put('/projects/paused/gitops', settings)
    await server.api.post('/projects/paused/gitops/enable', { create: true })
    const until = new Date(Math.floor(Date.now() / 1000) * 1000 + 5_000)
    other.refuse({ status: 429, headers: { 'retry-after': until.toUTCString() } })
    const look = () => server.api.gitops('paused').then(({ sync }) => sync)
    await settles(() => look().then(({ code }) => code)).toBe('git/busy')
    other.refuse(null)
    const asked = other.requests()
    expect(new Date((await look()).nextCheckAt ?? 0).getTime()).toBeGreaterThanOrEqual(until.getTime())
    await server.api.createWorkflow('paused', shopWorkflow('one'), 'Add one')
    expect(await server.api.post('/projects/paused/gitops/sync')).toMatchObject({ code: 'git/busy' })
    if (Date.now() < until.getTime()) expect(other.requests()).toBe(asked)
    await inGit(server, 'paused', 'one', shopWorkflow('one'))
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime())
  } finally {
    await other.close()
  }
}, 20_000)
