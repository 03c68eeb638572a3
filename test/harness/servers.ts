import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiClient } from '../../src/demo/api-client.ts'
import { type GitServer, startGitServer } from '../../src/demo/git-server.ts'
import { type RunningServer, startServer } from '../../src/main/server.ts'
import { serverSettings } from '../../src/main/settings.ts'
import { type TestStore, testStore } from './database.ts'
import { freePort } from './free-port.ts'

export interface TestServers {
  /** of each server, signed in as the first admin */
  apis: ApiClient[]
  servers: RunningServer[]
  git: GitServer
  gitToken: string
  folder: string
  /** the database that they share */
  store: TestStore
  close(): Promise<void>
}

/** Several servers on one database, each with a data folder of its own, and a git server beside them. */
export async function startTestServers(count: number): Promise<TestServers> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-test-'))
  const store = await testStore()
  const gitToken = 'token-of-the-servers'
  const git = await startGitServer({ folder: join(folder, 'git'), token: gitToken })
  const servers: RunningServer[] = []
  const apis: ApiClient[] = []
  let password = ''
  for (let number = 0; number < count; number++) {
    const settings = serverSettings({
      FAULTLINE_DATA_FOLDER: join(folder, `server-${number}`),
      FAULTLINE_PORT: String(await freePort()),
      FAULTLINE_DATABASE_URL: store.databaseUrl,
      FAULTLINE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      FAULTLINE_EGRESS_ALLOW: `127.0.0.1:${git.port}`,
      FAULTLINE_LOG_LEVEL: 'silent'
    })
    const server = await startServer({ settings, demo: true, path: process.env.PATH ?? '', onGone: () => undefined })
    if (number === 0) password = (await readFile(server.passwordFile, 'utf8')).trim()
    const api = new ApiClient(server.url)
    await api.login('admin', password)
    servers.push(server)
    apis.push(api)
  }
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()))
    await git.close()
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { apis, servers, git, gitToken, folder, store, close }
}
