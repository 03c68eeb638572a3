import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Pass, PassItems } from '../../src/contract/index.ts'
import { ApiClient } from '../../src/demo/api-client.ts'
import { type GitServer, startGitServer } from '../../src/demo/git-server.ts'
import { Clone } from '../../src/demo/repository.ts'
import { startServer } from '../../src/main/server.ts'
import { serverSettings } from '../../src/main/settings.ts'
import { type TestStore, testStore } from './database.ts'
import { freePort } from './free-port.ts'

export interface TestServer {
  url: URL
  /** signed in as the first admin */
  api: ApiClient
  git: GitServer
  gitToken: string
  /** may fetch, may not push */
  readOnlyToken: string
  /** a further port that the server may call: for another git host */
  otherPort: number
  folder: string
  /** its database, for what no route shows */
  store: TestStore
  /** the admin's */
  password: string
  close(): Promise<void>
}

/**
 * The whole server as `faultline serve` composes it, on a database of its own, and a git server beside it.
 * As in the demo the first password need not be changed, unless `demo` is false.
 */
export async function startTestServer({
  demo = true,
  allow = [],
  env = {}
}: {
  demo?: boolean
  /** further hosts that the server may call */
  allow?: readonly string[]
  /** further settings */
  env?: Readonly<Record<string, string>>
} = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-test-'))
  const store = await testStore()
  const gitToken = randomBytes(18).toString('base64url')
  const readOnlyToken = randomBytes(18).toString('base64url')
  const git = await startGitServer({ folder: join(folder, 'git'), token: gitToken, readOnlyToken })
  const port = await freePort()
  const otherPort = await freePort()
  const settings = serverSettings({
    FAULTLINE_DATA_FOLDER: join(folder, 'server'),
    FAULTLINE_PORT: String(port),
    FAULTLINE_DATABASE_URL: store.databaseUrl,
    FAULTLINE_EGRESS_ALLOW: [`127.0.0.1:${git.port}`, `127.0.0.1:${otherPort}`, ...allow].join(),
    FAULTLINE_LOG_LEVEL: 'silent',
    ...env
  })
  const server = await startServer({ settings, demo, path: process.env.PATH ?? '', onGone: () => undefined })
  const password = (await readFile(server.passwordFile, 'utf8')).trim()
  const api = new ApiClient(server.url)
  await api.login('admin', password)
  const close = async () => {
    await server.close()
    await git.close()
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { url: server.url, api, git, gitToken, readOnlyToken, otherPort, folder, store, password, close }
}

/** Connects a project to a new repository of the git server and turns GitOps on, as an owner does. */
export async function connectProject(
  server: TestServer,
  project: string,
  { pollSeconds = 1, preReceive }: { pollSeconds?: number; preReceive?: string } = {}
): Promise<string> {
  await server.git.createRepository(project, { branch: 'main', ...(preReceive !== undefined && { preReceive }) })
  await server.api.post('/projects', { id: project, name: project })
  const url = server.git.url(project)
  await server.api.put(`/projects/${project}/gitops`, {
    url,
    branch: 'main',
    username: 'test',
    token: server.gitToken,
    pollSeconds
  })
  await server.api.post(`/projects/${project}/gitops/enable`, { create: true })
  return url.replace('http://', `http://test:${server.gitToken}@`)
}

let clones = 0

/** A person's clone, in the server's folder. */
export function cloneOf(server: TestServer, url: string): Promise<Clone> {
  return Clone.make(url, join(server.folder, `clone-${++clones}`), process.env)
}

/** Looks until it is so; for what happens by itself. */
export function settles<T>(look: () => Promise<T>, timeout = 10_000) {
  return expect.poll(look, { timeout, interval: 50 })
}

/** Waits until the workflow is in git with this text. */
export async function inGit(server: TestServer, project: string, name: string, text: string): Promise<void> {
  const look = async () => {
    const { sync, text: shown } = await server.api.workflow(project, name)
    return { sync, text: shown }
  }
  await settles(() => look().catch(() => null)).toEqual({ sync: 'in-git', text })
}

/** What the last passes of a project did, the latest first. */
export async function passItems(server: TestServer, project: string): Promise<PassItems['items']> {
  const passes = `/projects/${project}/gitops/passes`
  const { items } = await server.api.get<{ items: Pass[] }>(passes)
  const each = await Promise.all(items.map(({ id }) => server.api.get<PassItems>(`${passes}/${id}`)))
  return each.flatMap((pass) => pass.items)
}
