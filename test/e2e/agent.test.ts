import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { CreatedInfrastructure, Run } from '../../src/contract/index.ts'
import { shopManifests } from '../../src/demo/shop/manifest.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { isFinal } from '../../src/domain/index.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

/** `faultline agent --local` as a process of its own, beside the whole server: what a person does, seen from outside. */
const CLI = join(import.meta.dirname, '../../src/main/cli.ts')
const WORKFLOW = 'storefront-resilience'

let server: TestServer
let scratch: string
let folder: string
let project: string
let token: string
let serial = 0
const running: ChildProcess[] = []

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'faultline-agent-'))
  await chmod(scratch, 0o711)
  folder = join(scratch, 'agent')
  project = `p${++serial}`
  await server.api.post('/projects', { id: project, name: project })
  const place = { name: `laptop-${serial}`, kind: 'local' }
  const created = await server.api.post<CreatedInfrastructure>(`/projects/${project}/infrastructures`, place)
  token = created.registrationToken
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((agent) => end(agent, 'SIGTERM')))
  await rm(scratch, { recursive: true, force: true })
})

const soon = (seconds = 20) => ({ timeout: seconds * 1000, interval: 100 })

function faultline(args: string[], more: Record<string, string> = {}): ChildProcess & { said: () => string } {
  const env = { PATH: process.env.PATH, FAULTLINE_AGENT_FOLDER: folder, FAULTLINE_SERVER_URL: server.url.href, ...more }
  const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
  return Object.assign(child, { said: () => text })
}

async function startAgent(more: Record<string, string> = { FAULTLINE_AGENT_TOKEN: token }, args: string[] = []) {
  const agent = faultline(['agent', '--local', ...args], more)
  running.push(agent)
  await expect.poll(() => agent.exitCode === null && agent.said(), soon()).toMatch(/local infrastructure is ready/)
  return agent
}

async function end(agent: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (running.includes(agent)) running.splice(running.indexOf(agent), 1)
  if (agent.exitCode !== null || agent.signalCode !== null) return agent.exitCode
  const ended = once(agent, 'exit')
  agent.kill(signal)
  return (await ended)[0] as number | null
}

async function local(...args: string[]): Promise<string> {
  const command = faultline(['local', ...args])
  const [code] = (await once(command, 'close')) as [number]
  if (code !== 0) throw new Error(command.said())
  return command.said()
}

interface Deployment {
  name: string
  rollout: string
  readyReplicas: number
}

async function shopUp(): Promise<void> {
  const file = join(scratch, 'shop.yaml')
  await writeFile(file, shopManifests({ node: process.execPath }))
  await local('apply', '-f', file)
  await expect
    .poll(async () => {
      const text = await local('get', 'deployments', '-n', 'shop', '-o', 'json')
      return (JSON.parse(text) as { workloads: Deployment[] }).workloads.map(({ rollout }) => rollout)
    }, soon(30))
    .toEqual(['healthy', 'healthy', 'healthy'])
}

const release = (version: string) =>
  local('set', 'image', 'deployment/storefront', `storefront=shop/storefront:${version}`, '-n', 'shop')

const runs = async () => (await server.api.get<{ items: Run[] }>(`/projects/${project}/runs`)).items
const observed = async (image: string) =>
  JSON.stringify(await server.api.get(`/projects/${project}/workloads`)).includes(`shop/storefront:${image}`)

/** processes whose environment or arguments name the scratch folder */
async function left(): Promise<string[]> {
  const found: string[] = []
  for (const pid of await readdir('/proc')) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')
    const args = (await read('cmdline')).replaceAll('\0', ' ')
    if (/^\d+$/.test(pid) && (args + (await read('environ'))).includes(scratch)) found.push(`${pid} ${args}`)
  }
  return found
}

it('serves a person: own folder, shop up, a release starts one run; a second agent is refused', {
  timeout: 90_000
}, async () => {
  await server.api.createWorkflow(project, shopWorkflow(WORKFLOW), 'Add it')
  const agent = await startAgent()
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  if (process.getuid?.() === 0 && !agent.said().includes('cannot read')) expect((await stat(folder)).uid).toBe(65_534)
  await shopUp()

  const second = faultline(['agent', '--local'])
  expect((await once(second, 'exit'))[0]).toBe(1)
  expect(second.said()).toMatch(/faultline: Another agent runs with the folder/)

  await expect.poll(() => observed('v1'), soon()).toBe(true)
  await release('v3')
  await expect.poll(async () => (await runs()).length, soon()).toBe(1)
  await expect.poll(async () => isFinal((await runs())[0]?.phase ?? 'queued'), soon(60)).toBe(true)
  expect((await runs())[0]).toMatchObject({ phase: 'completed', verdict: 'pass', score: 100, recovery: 'clean' })
  expect(await end(agent, 'SIGTERM')).toBe(0)
  expect(await left()).toEqual([])
  expect(agent.said()).not.toContain(token)
})

it('a release is one run, though the agent is killed right after it and started again', {
  timeout: 90_000
}, async () => {
  await server.api.createWorkflow(project, shopWorkflow(WORKFLOW), 'Add it')
  const agent = await startAgent()
  await shopUp()
  await expect.poll(() => observed('v1'), soon()).toBe(true)
  await release('v2')
  await end(agent, 'SIGKILL')
  await expect.poll(left, soon(5)).toEqual([])
  expect(await runs()).toEqual([])
  for (let again = 0; again < 2; again++) await end(await startAgent({}), 'SIGKILL')
  await startAgent({})
  await expect.poll(async () => (await runs()).length, soon(30)).toBe(1)
  expect((await runs())[0]?.cause).toMatchObject({
    kind: 'workload-change',
    changes: [{ aspect: 'image', key: 'storefront', before: 'shop/storefront:v1', after: 'shop/storefront:v2' }]
  })
  await expect.poll(() => left().then((found) => found.length > 0), soon()).toBe(true)
  expect(await runs()).toHaveLength(1)
})

it('a stop in the middle of a fault ends the harm at once; what cannot run says why', { timeout: 90_000 }, async () => {
  const long = shopWorkflow(WORKFLOW).replaceAll('value: "4"', 'value: "1"').replaceAll('value: "5"', 'value: "60"')
  await server.api.createWorkflow(project, long, 'Add it')
  await startAgent()
  await shopUp()
  const slow = async () => {
    const { services } = JSON.parse(await local('get', 'services', '-n', 'shop', '-o', 'json')) as {
      services: { name: string; port: number }[]
    }
    const { port } = services.find(({ name }) => name === 'reviews') ?? { port: 0 }
    const began = performance.now()
    await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } }).then((answer) => answer.text())
    return performance.now() - began > 2500
  }
  expect(await slow()).toBe(false)
  await server.api.startRun(project, WORKFLOW)
  await expect.poll(slow, soon(30)).toBe(true)
  const asked = performance.now()
  const [run] = await runs()
  await server.api.post(`/projects/${project}/runs/${run?.id}/stop`, { reason: 'enough' })
  await expect.poll(async () => (await runs())[0]?.phase, soon(10)).toBe('stopped')
  expect(performance.now() - asked).toBeLessThan(5000)
  expect((await runs())[0]).toMatchObject({ recovery: 'clean', verdict: 'not-applicable' })
  expect(await slow()).toBe(false)

  const nobody = shopWorkflow('nobody').replaceAll('applabel: app=catalog', 'applabel: app=nobody')
  await server.api.createWorkflow(project, nobody, 'Add it')
  const known = () =>
    server.api.workflow(project, 'nobody').then(
      ({ definition }) => definition,
      () => null
    )
  await expect.poll(known, soon()).not.toBeNull()
  await server.api.startRun(project, 'nobody')
  await expect.poll(async () => (await runs())[0]?.phase, soon(30)).toBe('error')
  expect(JSON.stringify(await server.api.facts(project, (await runs())[0]?.id ?? ''))).toMatch(
    /unknown target: no workload matches shop\/deployment app=nobody/
  )
  await writeFile(join(folder, 'guardrails.json'), '{"allowedNamespaces":["elsewhere"]}')
  await chmod(join(folder, 'guardrails.json'), 0o644)
  await server.api.startRun(project, WORKFLOW)
  await expect.poll(async () => (await runs()).length, soon()).toBe(3)
  await expect.poll(async () => (await runs())[0]?.phase, soon()).toBe('error')
  expect(JSON.stringify(await server.api.facts(project, (await runs())[0]?.id ?? ''))).toMatch(
    /namespace shop is not allowed here \(allowed: elsewhere\)/
  )
})

it('ends with its standard input, in the middle of a fault too, and recovers first', { timeout: 90_000 }, async () => {
  const long = shopWorkflow(WORKFLOW).replaceAll('value: "4"', 'value: "60"').replaceAll('value: "5"', 'value: "60"')
  await server.api.createWorkflow(project, long, 'Add it')
  const agent = await startAgent(undefined, ['--with-parent'])
  await shopUp()
  await server.api.startRun(project, WORKFLOW)
  const journal = () => readdir(join(folder, 'journal')).catch(() => [])
  await expect.poll(async () => (await journal()).length, soon(30)).toBe(1)
  // as when whoever started it is killed: nobody reads what it says any more
  agent.stdout?.destroy()
  agent.stderr?.destroy()
  agent.stdin?.end()
  const [code] = (await once(agent, 'exit')) as [number]
  expect(code).toBe(0)
  expect(await journal()).toEqual([])
  expect(await left()).toEqual([])
  await expect.poll(async () => (await runs())[0]?.phase, soon()).toBe('stopped')
  expect((await runs())[0]).toMatchObject({ recovery: 'clean', reason: 'the agent was ended' })
})

it.each([
  ['an agent without a token', {}, /This agent is not registered. Create an infrastructure/],
  ['a token that is not one', { FAULTLINE_AGENT_TOKEN: 'wrong-token' }, /answered 40[13]/],
  ['a setting that is not one', { FAULTLINE_AGENT_TOKN: 'x' }, /FAULTLINE_AGENT_TOKN: there is no such setting/]
])('%s ends with a sentence', async (_what, env, sentence) => {
  const agent = faultline(['agent', '--local'], env as Record<string, string>)
  expect((await once(agent, 'exit'))[0]).toBe(1)
  expect(agent.said()).toMatch(sentence)
  expect(agent.said()).not.toContain('wrong-token')
})

it.skipIf(process.getuid?.() !== 0)('as root, a folder with other things in it is not handed over', async () => {
  await rm(folder, { recursive: true, force: true })
  folder = scratch
  await writeFile(join(scratch, 'notes.txt'), 'mine')
  const agent = faultline(['agent', '--local'])
  expect((await once(agent, 'exit'))[0]).toBe(1)
  expect(agent.said()).toMatch(/holds notes.txt, which is not the agent's/)
  expect((await stat(join(scratch, 'notes.txt'))).uid).toBe(0)
})

it.skipIf(process.getuid?.() !== 0)(
  'as root, where its own uid cannot work, it keeps the starter in namespaces, says so, and serves loopback alone',
  { timeout: 60_000 },
  async () => {
    await chmod(scratch, 0o700)
    const exposed = faultline(['agent', '--local'], { FAULTLINE_SERVER_URL: 'http://192.0.2.1:7070' })
    expect((await once(exposed, 'exit'))[0]).toBe(1)
    expect(exposed.said()).toMatch(
      /reached beyond loopback, and uid 65534 cannot read .*Give the agent a uid of its own/
    )
    const agent = await startAgent()
    expect(agent.said()).toMatch(/uid 65534 cannot read .*, so agent and workloads keep uid 0; workloads are held by/)
    await shopUp()
    await end(agent, 'SIGKILL')
    await expect.poll(left, soon(5)).toEqual([])
    await chmod(scratch, 0o711)
    const own = await startAgent({})
    expect(own.said()).not.toMatch(/keep uid 0/)
    expect((await stat(join(folder, 'desired.json'))).uid).toBe(65_534)
    await shopUp()
  }
)
