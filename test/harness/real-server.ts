import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiClient } from '../../src/demo/api-client.ts'
import { type GitServer, startGitServer } from '../../src/demo/git-server.ts'
import { until } from '../../src/demo/patience.ts'
import { type Sibling, startSibling } from '../../src/demo/processes.ts'
import { freePort } from './free-port.ts'
import { logsOfFailed } from './logs-of-failed.ts'

/** `faultline serve` as a process of its own with its embedded database, and a git server: to be killed and started again. */
export class RealServer {
  readonly folder: string
  readonly data: string
  readonly url: URL
  readonly git: GitServer
  readonly gitToken: string
  #server: Sibling | undefined

  private constructor(place: { folder: string; data: string; port: number; git: GitServer; gitToken: string }) {
    this.folder = place.folder
    this.data = place.data
    this.url = new URL(`http://127.0.0.1:${place.port}`)
    this.git = place.git
    this.gitToken = place.gitToken
  }

  /** Not started yet. `data`: its data folder, if that is to be elsewhere. */
  static async make(data?: string): Promise<RealServer> {
    const folder = await mkdtemp(join(tmpdir(), 'faultline-real-'))
    const gitToken = 'token-of-the-real-server-test'
    const git = await startGitServer({ folder: join(folder, 'git'), token: gitToken })
    return new RealServer({ folder, data: data ?? join(folder, 'data'), port: await freePort(), git, gitToken })
  }

  /** Answers a client that is signed in as the first admin. */
  async start(): Promise<ApiClient> {
    const env = {
      PATH: process.env.PATH,
      FAULTLINE_DATA_FOLDER: this.data,
      FAULTLINE_PORT: this.url.port,
      FAULTLINE_EGRESS_ALLOW: `127.0.0.1:${this.git.port}`
    }
    this.#server = startSibling('server', ['serve', '--demo'], { env, log: join(this.folder, 'server.log') })
    const api = new ApiClient(this.url)
    await until('the server answers', 30, async () => {
      await api.login('admin', (await readFile(join(this.data, 'admin-password'), 'utf8')).trim())
      return true
    })
    return api
  }

  async kill(): Promise<void> {
    if (this.#server === undefined) return
    process.kill(this.#server.pid, 'SIGKILL')
    await this.#server.ended
  }

  async close(): Promise<void> {
    await this.#server?.stop()
    await logsOfFailed(['server.log', 'agent.log'].map((log) => join(this.folder, log)))
    await this.git.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}
