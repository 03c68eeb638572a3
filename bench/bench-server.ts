import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiClient } from '../src/demo/api-client.ts'
import { type GitServer, startGitServer } from '../src/demo/git-server.ts'
import { until } from '../src/demo/patience.ts'
import { startSibling } from '../src/demo/processes.ts'
import { freePort } from '../test/harness/free-port.ts'

export interface BenchServer {
  folder: string
  url: URL
  api: ApiClient
  git: GitServer
  gitToken: string
  /** of the other git host, where there is one */
  hostPort: number
  /** of the server itself, without PostgreSQL */
  pid: number
  /** the longest time in ms that its event loop was blocked since the last look */
  blocked(): Promise<number>
  close(): Promise<void>
}

/** A further git host that the server may call. */
export interface OtherHost {
  port: number
  close(): void
}

/** `faultline serve` as a process of its own with the embedded database, and a git server in this one. */
export async function startBenchServer(other?: (git: GitServer) => Promise<OtherHost>): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-bench-'))
  const gitToken = randomBytes(18).toString('base64url')
  const metricsToken = randomBytes(18).toString('base64url')
  const git = await startGitServer({ folder: join(folder, 'git'), token: gitToken })
  const host = await other?.(git)
  const port = await freePort()
  const url = new URL(`http://127.0.0.1:${port}`)
  const env = {
    PATH: process.env.PATH,
    FAULTLINE_DATA_FOLDER: join(folder, 'data'),
    FAULTLINE_PORT: String(port),
    FAULTLINE_METRICS_TOKEN: metricsToken,
    FAULTLINE_EGRESS_ALLOW: [git, ...(host ? [host] : [])].map((one) => `127.0.0.1:${one.port}`).join(',')
  }
  const server = startSibling('server', ['serve', '--demo'], { env, log: join(folder, 'server.log') })
  const api = new ApiClient(url)
  await until('the server answers', 30, async () => {
    await api.login('admin', (await readFile(join(folder, 'data', 'admin-password'), 'utf8')).trim())
    return true
  })
  const close = async () => {
    await server.stop()
    host?.close()
    await git.close()
    await rm(folder, { recursive: true, force: true })
  }
  const blocked = () => longestBlock(url, metricsToken)
  return { folder, url, api, git, gitToken, hostPort: host?.port ?? git.port, pid: server.pid, blocked, close }
}

async function longestBlock(url: URL, token: string): Promise<number> {
  const answer = await fetch(new URL('/metrics', url), { headers: { authorization: `Bearer ${token}` } })
  const text = await answer.text()
  const value = /^nodejs_eventloop_lag_seconds\{quantile="1"\} (\S+)$/m.exec(text)?.[1]
  if (value === undefined) throw new Error(`/metrics says nothing of the event loop:\n${text.slice(0, 2000)}`)
  return Number(value) * 1000
}
