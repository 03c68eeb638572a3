import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiClient } from '../../src/demo/api-client.ts'
import { type GitServer, startGitServer } from '../../src/demo/git-server.ts'
import { startServer } from '../../src/main/server.ts'
import { serverSettings } from '../../src/main/settings.ts'
import { testStore } from './database.ts'
import { freePort } from './free-port.ts'

export interface TestServer {
  url: URL
  /** signed in as the first admin */
  api: ApiClient
  git: GitServer
  gitToken: string
  folder: string
  /** the admin's */
  password: string
  close(): Promise<void>
}

/** The whole server as `faultline serve` composes it, on a database of its own, and a git server beside it. */
export async function startTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-test-'))
  const store = await testStore()
  const gitToken = randomBytes(18).toString('base64url')
  const git = await startGitServer({ folder: join(folder, 'git'), token: gitToken })
  const port = await freePort()
  const settings = serverSettings({
    FAULTLINE_DATA_FOLDER: join(folder, 'server'),
    FAULTLINE_PORT: String(port),
    FAULTLINE_DATABASE_URL: store.databaseUrl,
    FAULTLINE_EGRESS_ALLOW: `127.0.0.1:${git.port}`,
    FAULTLINE_LOG_LEVEL: 'silent'
  })
  const server = await startServer({ settings, demo: true, path: process.env.PATH ?? '', onGone: () => undefined })
  const password = (await readFile(server.passwordFile, 'utf8')).trim()
  const api = new ApiClient(server.url)
  await api.login('admin', password)
  const close = async () => {
    await server.close()
    await git.close()
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { url: server.url, api, git, gitToken, folder, password, close }
}

/** Connects a project to a new repository of the git server and turns GitOps on, as an owner does. */
export async function connectProject(server: TestServer, project: string, pollSeconds = 1): Promise<string> {
  await server.git.createRepository(project, { branch: 'main' })
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
