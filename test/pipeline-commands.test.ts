import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CreatedToken } from '../src/contract/index.ts'
import { shopWorkflow } from '../src/demo/shop/workflow.ts'
import { type Command, faultline } from './harness/command.ts'
import { freePort } from './harness/free-port.ts'
import { PostedAgent } from './harness/posted-agent.ts'
import { connectProject, settles, startTestServer, type TestServer } from './harness/server.ts'

/** The commands for pipelines against the whole server; what an agent would report is posted. */
let server: TestServer
let agent: PostedAgent
let token: string
const commands: Command[] = []

beforeAll(async () => {
  server = await startTestServer()
  await connectProject(server, 'shop')
  agent = await PostedAgent.register(server, 'shop', 'laptop')
  await server.api.createWorkflow('shop', shopWorkflow('cart'), 'Add cart')
  await server.api.post('/projects/shop/gitops/sync')
  token = (await make(['edit', 'run'])).secret
})
afterAll(async () => {
  for (const { process } of commands) process.kill('SIGKILL')
  await server.close()
})

const make = (scopes: string[]) =>
  server.api.post<CreatedToken>('/tokens', { name: 'pipeline', scopes, project: 'shop' })

function start(args: string[], env: Record<string, string> = {}): Command {
  const command = faultline(args, { FAULTLINE_SERVER_URL: server.url.href, FAULTLINE_TOKEN: token, ...env })
  commands.push(command)
  return command
}

const waiting = (...more: string[]) => start(['run', 'cart', '--project', 'shop', '--wait', ...more])

it('run --wait, 0: passed; progress is on standard error, the result on standard output', async () => {
  const command = waiting('--output', 'json')
  await agent.completes(await agent.run(), [100, 100])
  const { code, stdout, stderr } = await command.ended
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    exitCode: 0,
    run: { phase: 'completed', verdict: 'pass', score: 100, cause: { kind: 'api', user: 'admin' } }
  })
  expect(stderr).toMatch(
    /run \w+ of cart: http[\s\S]*step catalog-pod-delete: completed, pass\n[\s\S]*run: completed\n/
  )
  expect(stderr).not.toContain('\r')
  expect(stdout + stderr).not.toContain(token)
})

it('run --wait, 1: failed by its verdict; with a least score the score decides', async () => {
  for (const [more, code] of [
    [[], 1],
    [['--min-score', '81'], 1],
    [['--min-score', '80'], 0]
  ] as [string[], number][]) {
    const junit = join(server.folder, 'report.xml')
    const command = waiting(...more, '--junit', junit)
    await agent.completes(await agent.run(), [100, 60])
    expect((await command.ended).code).toBe(code)
    expect(await readFile(junit, 'utf8')).toContain(`tests="3" failures="${code + 1}"`)
  }
})

it('run, 0: without --wait it is started, and its id is told', async () => {
  const { code, stdout } = await start(['run', 'cart', '--project', 'shop']).ended
  const task = await agent.run()
  expect([code, stdout]).toEqual([0, `${task.run}\n`])
  await agent.completes(task, [100, 100])
})

it('run --wait, 130: Ctrl-C stops the run and waits for its recovery', async () => {
  const command = waiting()
  const task = await agent.run()
  await agent.post(task, { type: 'run-phase', phase: 'running', reason: null })
  await expect.poll(() => command.said()).toContain('run: running')
  command.process.kill('SIGINT')
  await agent.stopOf(task)
  await agent.post(task, { type: 'run-phase', phase: 'recovering', reason: null })
  await expect.poll(() => command.said()).toContain('run: recovering')
  expect(command.process.exitCode).toBeNull()
  await agent.post(task, { type: 'run-phase', phase: 'stopped', reason: 'asked for' })
  const { code, stdout } = await command.ended
  expect(code).toBe(130)
  expect(stdout).toContain('Interrupted; it ended as stopped')
})

it('run --wait, 3: longer than --timeout is stopped', async () => {
  const command = waiting('--timeout', '1')
  const task = await agent.run()
  await agent.post(task, { type: 'run-phase', phase: 'running', reason: null })
  await agent.stopOf(task)
  await agent.post(task, { type: 'run-phase', phase: 'stopped', reason: 'asked for' })
  const { code, stdout } = await command.ended
  expect(code).toBe(3)
  expect(stdout).toContain('Not done within 1 seconds')
})

const ASKS = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: asks }
spec:
  entrypoint: main
  templates:
    - { name: main, steps: [[{ name: ask, template: ask }, { name: ask-too, template: ask }]] }
    - { name: ask, suspend: {} }
`

it('approve, reject: run --wait says that a person is waited for, and where; the word is told to the run', async () => {
  await server.api.createWorkflow('shop', ASKS, 'Add asks')
  await server.api.post('/projects/shop/gitops/sync')
  const command = start(['run', 'asks', '--project', 'shop', '--wait'])
  const task = await agent.run()
  const waits = { type: 'step-phase', phase: 'waiting', reason: null } as const
  await agent.post(
    task,
    { type: 'run-phase', phase: 'running', reason: null },
    ...task.plan.steps.map(({ id }) => ({ ...waits, step: id })),
    { type: 'run-phase', phase: 'waiting', reason: null }
  )
  const page = `${server.url.origin}/p/shop/runs/${task.run}`
  await expect.poll(() => command.said()).toContain(`ask waits for a person: ${page}, or faultline approve ${task.run}`)
  expect(await start(['approve', task.run]).ended).toMatchObject({ code: 2, stderr: expect.stringContaining('--step') })
  const approved = await start(['approve', task.run, '--step', 'ask', '--reason', 'quiet']).ended
  expect(approved).toMatchObject({ code: 0, stdout: 'ask of asks: approved.\n' })
  expect(await start(['reject', task.run, '-p', 'shop']).ended).toMatchObject({ code: 0 })
  expect(await start(['reject', task.run]).ended).toMatchObject({ code: 3, stderr: expect.stringContaining('Nothing') })
  expect((await server.api.run('shop', task.run)).approvals).toMatchObject([
    { step: 'ask', outcome: 'approved', reason: 'quiet', by: 'admin' },
    { step: 'ask-too', outcome: 'rejected', reason: null }
  ])
  await agent.post(task, { type: 'run-phase', phase: 'stopped', reason: 'ask-too: rejected by admin' })
  expect(await command.ended).toMatchObject({ code: 3 })
  expect(command.said().match(/waits for a person/g)).toHaveLength(2)
})

it('stop: ends a run that it finds by its id alone, and waits for it', async () => {
  await start(['run', 'cart', '--project', 'shop']).ended
  const task = await agent.run()
  await agent.post(task, { type: 'run-phase', phase: 'running', reason: null })
  const command = start(['stop', task.run, '--reason', 'enough'])
  await agent.stopOf(task)
  await agent.post(task, { type: 'run-phase', phase: 'stopped', reason: 'asked for' })
  expect(await command.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('ended as stopped') })
  expect((await server.api.run('shop', task.run)).stop).toMatchObject({ reason: 'enough', askedBy: 'admin' })
  expect(await start(['stop', 'nothing']).ended).toMatchObject({ code: 3, stderr: expect.stringContaining('no run') })
})

it('stop --all: the kill switch of the server, for an admin with a token for all projects', async () => {
  expect(await start(['stop', '--all']).ended).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('project shop alone')
  })
  const { secret } = await server.api.post<CreatedToken>('/tokens', { name: 'on call', scopes: ['run'] })
  const all = { FAULTLINE_TOKEN: secret }
  expect(await start(['stop', '--all', 'a-run'], all).ended).toMatchObject({ code: 2 })
  const stopped = await start(['stop', '--all', '--reason', 'enough', '--output', 'json'], all).ended
  expect([stopped.code, JSON.parse(stopped.stdout)]).toEqual([
    0,
    { engaged: expect.objectContaining({ reason: 'enough' }) }
  ])
  expect(await waiting().ended).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('kill switch of this server')
  })
  await server.api.delete('/kill-switch')
})

it('status and sync, 0: git and the portal are the same; 1: something needs a person', async () => {
  const sync = await start(['sync', '--project', 'shop']).ended
  expect(sync).toMatchObject({ code: 0, stdout: expect.stringContaining('sync: ready') })
  const status = await start(['status', '--project', 'shop', '--output', 'json']).ended
  expect(status.code).toBe(0)
  expect(JSON.parse(status.stdout)).toMatchObject({ enabled: true, sync: { status: 'ready' }, attention: [] })

  await rm(server.git.repositoryFolder('shop'), { recursive: true })
  await settles(async () => (await server.api.gitops('shop')).sync.status).toBe('stalled')
  const stalled = await start(['status', '--project', 'shop']).ended
  expect(stalled).toMatchObject({ code: 1, stdout: expect.stringContaining('sync: stalled: ') })
  expect((await start(['sync', '--project', 'shop']).ended).code).toBe(1)
})

it.each([
  ['no project', ['run', 'cart'], {}],
  ['a parameter without value', ['run', 'cart', '-p', 'shop', '--param', 'x'], {}],
  ['a score above 100', ['run', 'cart', '-p', 'shop', '--wait', '--min-score', '101'], {}],
  ['a score that is not waited for', ['run', 'cart', '-p', 'shop', '--min-score', '90'], {}],
  ['a report of what is not waited for', ['run', 'cart', '-p', 'shop', '--junit', 'x.xml'], {}],
  ['no token', ['status', '-p', 'shop'], { FAULTLINE_TOKEN: '' }],
  ['a setting that is not one', ['status', '-p', 'shop'], { FAULTLINE_TOKN: 'x' }]
])('2: %s', async (_what, args, env) => {
  expect(await start(args, env as Record<string, string>).ended).toMatchObject({ code: 2, stdout: '' })
})

it('3: what could not be run or found out', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`
  const { secret } = await make(['read'])
  const cases: [string[], Record<string, string>, RegExp][] = [
    [['run', 'nothing', '-p', 'shop'], {}, /nothing/],
    [['run', 'cart', '-p', 'shop', '--infrastructure', 'moon'], {}, /no infrastructure moon/],
    [['run', 'cart', '-p', 'shop'], { FAULTLINE_TOKEN: secret }, /does not have the scope run/],
    [['status', '-p', 'other'], {}, /is for the project shop alone/],
    [['status', '-p', 'shop'], { FAULTLINE_TOKEN: 'flt_made-up' }, /API token is not known/],
    [['status', '-p', 'shop'], { FAULTLINE_SERVER_URL: nowhere }, /does not answer/]
  ]
  for (const [args, env, reason] of cases) {
    const { code, stderr } = await start(args, env).ended
    expect([args, code]).toEqual([args, 3])
    expect(stderr).toMatch(reason)
    expect(stderr).not.toContain(secret)
  }
})

it.each([
  ['an unknown option', ['status', '--project', 'shop', '--output', 'json', '--odd'], /unknown option '--odd'/],
  ['no workflow', ['run', '--project', 'shop', '-o', 'json'], /missing required argument 'workflow'/],
  ['an unknown command', ['frobnicate', '--output=json'], /unknown command 'frobnicate'/]
])('2, as JSON where that is asked for: %s', async (_what, args, message) => {
  const { code, stdout, stderr } = await start(args).ended
  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({
    exitCode: 2,
    error: { code: 'main/usage', message: expect.stringMatching(message) }
  })
  expect(stderr).toMatch(message)
})
