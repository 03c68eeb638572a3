import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CreatedInfrastructure } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'
import { ApiClient } from './api-client.ts'
import { type GitServer, startGitServer } from './git-server.ts'
import { until } from './patience.ts'
import { faultline, type Sibling, startSibling } from './processes.ts'
import { Clone } from './repository.ts'
import { SHOP_NAMESPACE, SHOP_WORKFLOW, shopManifests } from './shop/manifest.ts'
import { shopWorkflow } from './shop/workflow.ts'

export const PROJECT = 'shop'
export const WORKFLOW_PATH = `litmus/${PROJECT}/${SHOP_WORKFLOW}.yaml`

type Env = Record<string, string | undefined>

export interface StageOptions {
  port: number
  env: Env
  /** each step as it is done, for people */
  say: (text: string) => void
}

/** Everything that the story needs, running: git server, server, agent, shop; GitOps on, the workflow in git. */
export interface Stage {
  url: URL
  api: ApiClient
  password: string
  /** with the token in it, as a person pastes it */
  cloneUrl: string
  folder: string
  /** of whoever started the demo, without settings of Faultline */
  env: Env
  agentEnv: Env
  /** resolves with its name when one of the siblings has ended */
  lost: Promise<string>
  close(): Promise<void>
}

/** Asked before anything is started, so that it is the first thing said. */
async function requirePort(port: number): Promise<void> {
  const probe = createServer()
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening')
  } catch {
    const message = `Port ${port} is in use, perhaps by another demo. End that, or choose another one: npm run demo -- --port ${port + 1}`
    throw new AppError({ code: 'demo/port-in-use', kind: 'invalid', message })
  }
  await new Promise<void>((resolve) => probe.close(() => resolve()))
}

const FOLDER = 'faultline-demo-'

/** A demo that was killed could not remove its folder; the next one does. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${FOLDER}(\\d+)-`).exec(name)?.[1])
    if (pid > 0 && !isAlive(pid))
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Sets the stage; when a step fails, what was started is ended. */
export async function setStage(options: StageOptions): Promise<Stage> {
  await requirePort(options.port)
  await sweep()
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`))
  // the agent runs under a uid of its own where it can, and must get through to its folder
  await chmod(folder, 0o711)
  const opened: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 3 })]
  const close = async () => {
    for (const end of opened.splice(0).toReversed()) await end()
  }
  try {
    return await build(folder, options, { opened, close })
  } catch (error) {
    const log = await readFile(join(folder, 'server.log'), 'utf8').catch(() => '')
    const agentLog = await readFile(join(folder, 'agent.log'), 'utf8').catch(() => '')
    if (log !== '')
      process.stderr.write(
        `\nThe end of the server's log:\n${log.slice(-3000)}\nThe end of the agent's log:\n${agentLog.slice(-3000)}\n`
      )
    await close()
    throw error
  }
}

interface Opening {
  opened: (() => Promise<unknown>)[]
  close: () => Promise<void>
}

async function build(folder: string, options: StageOptions, { opened, close }: Opening): Promise<Stage> {
  const { port, say } = options
  const env = cleanEnv(options.env)
  const token = randomBytes(18).toString('base64url')
  const git = await startGitServer({ folder: join(folder, 'git'), token })
  opened.push(() => git.close())
  const cloneUrl = await seedRepository(git, { folder, token, env })
  say(`git server with a repository: ${git.url('shop')}`)

  const url = new URL(`http://127.0.0.1:${port}`)
  const server = await startServer(folder, { port, gitPort: git.port, env })
  opened.push(() => server.stop())
  const api = new ApiClient(url)
  const password = await Promise.race([firstPassword(folder, api, server), whenEnded(server)])
  say(`server: ${url.href}`)

  const agentEnv = await connectAgent(folder, { api, url, env })
  const agent = startSibling('agent', ['agent', '--local'], { env: agentEnv, log: join(folder, 'agent.log') })
  opened.push(() => agent.stop())
  const connected = until('the agent connects', 20, () => agentConnected(api), agent.isOver)
  await Promise.race([connected, whenEnded(agent)])
  const reusable = { ...agentEnv, FAULTLINE_AGENT_TOKEN: undefined }
  say('local infrastructure connected')

  await enableGitops(api, { url: git.url('shop'), token })
  say('GitOps on: the repository is the source of truth')
  await startShop(folder, reusable)
  await until('the shop is ready', 30, () => shopReady(reusable))
  say('sample shop is running: storefront, catalog, reviews (v1)')
  const lost = Promise.race([server.ended.then(() => server.name), agent.ended.then(() => agent.name)])
  return { url, api, password, cloneUrl, folder, env, agentEnv: reusable, lost, close }
}

async function seedRepository(git: GitServer, seed: { folder: string; token: string; env: Env }): Promise<string> {
  await git.createRepository('shop', { branch: 'main' })
  const cloneUrl = git.url('shop').replace('http://', `http://demo:${seed.token}@`)
  const clone = await Clone.make(cloneUrl, join(seed.folder, 'first-clone'), seed.env)
  await clone.push(WORKFLOW_PATH, shopWorkflow(), 'Test the storefront: a pod goes, reviews get slow')
  return cloneUrl
}

async function startServer(folder: string, options: { port: number; gitPort: number; env: Env }): Promise<Sibling> {
  const env = {
    ...options.env,
    FAULTLINE_DATA_FOLDER: join(folder, 'server'),
    FAULTLINE_PORT: String(options.port),
    FAULTLINE_EGRESS_ALLOW: `127.0.0.1:${options.gitPort}`
  }
  return startSibling('server', ['serve', '--demo'], { env, log: join(folder, 'server.log') })
}

async function firstPassword(folder: string, api: ApiClient, server: Sibling): Promise<string> {
  const file = join(folder, 'server', 'admin-password')
  const look = async () => {
    const password = (await readFile(file, 'utf8')).trim()
    await api.login('admin', password)
    return password
  }
  return until('the server answers', 30, look, server.isOver)
}

async function whenEnded(sibling: Sibling): Promise<never> {
  await sibling.ended
  throw new Error(`the ${sibling.name} ended before it was ready`)
}

async function connectAgent(folder: string, options: { api: ApiClient; url: URL; env: Env }): Promise<Env> {
  await options.api.post('/projects', { id: PROJECT, name: 'Sample shop' })
  const created = await options.api.post<CreatedInfrastructure>(`/projects/${PROJECT}/infrastructures`, {
    name: 'laptop',
    kind: 'local'
  })
  const agentFolder = join(folder, 'agent')
  await mkdir(agentFolder, { mode: 0o700 })
  return {
    ...options.env,
    FAULTLINE_SERVER_URL: options.url.href,
    FAULTLINE_AGENT_FOLDER: agentFolder,
    FAULTLINE_AGENT_TOKEN: created.registrationToken
  }
}

async function agentConnected(api: ApiClient): Promise<boolean> {
  const { items } = await api.get<{ items: { connected: boolean }[] }>(`/projects/${PROJECT}/infrastructures`)
  return items.some((place) => place.connected)
}

async function enableGitops(api: ApiClient, repository: { url: string; token: string }): Promise<void> {
  await api.put(`/projects/${PROJECT}/gitops`, {
    url: repository.url,
    branch: 'main',
    username: 'demo',
    token: repository.token,
    pollSeconds: 2
  })
  await api.post(`/projects/${PROJECT}/gitops/enable`, { create: false })
}

async function startShop(folder: string, env: Env): Promise<void> {
  const file = join(folder, 'shop.yaml')
  await writeFile(file, shopManifests({ node: process.execPath }))
  await faultline(['local', 'apply', '-f', file], env)
}

async function shopReady(env: Env): Promise<boolean> {
  const text = await faultline(['local', 'get', 'deployments', '--namespace', SHOP_NAMESPACE, '--output', 'json'], env)
  const { workloads } = JSON.parse(text) as { workloads: { rollout: string }[] }
  return workloads.length === 3 && workloads.every(({ rollout }) => rollout === 'healthy')
}

/** Settings of whoever started the demo must not leak into it. */
function cleanEnv(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('FAULTLINE_')))
}
