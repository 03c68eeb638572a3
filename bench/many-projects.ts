import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GitServer } from '../src/demo/git-server.ts'
import { until } from '../src/demo/patience.ts'
import { Clone } from '../src/demo/repository.ts'
import { shopWorkflow } from '../src/demo/shop/workflow.ts'
import { type BenchServer, type OtherHost, startBenchServer } from './bench-server.ts'
import { type Figure, figure, quantile, timed } from './measure.ts'
import { processorTime, residentMemory } from './process-load.ts'

const PROJECTS = 1000
const FILES = 10
const POLL_SECONDS = 30
const AT_ONCE = 8
/** how long unchanged polls, and then the list, are watched */
const WATCH_SECONDS = 60
const LIST_SECONDS = 20
const REQUESTS_PER_SECOND = 200
const LISTED = 10_000

/** 1,000 projects, each with a repository of its own of 10 files, polled every 30 s; the host answers from memory. */
export async function* manyProjects(): AsyncGenerator<Figure> {
  const server = await startBenchServer(startRecordedHost)
  try {
    await seed(server)
    yield figure(`${PROJECTS} projects connected, ${AT_ONCE} at once`, 'ms', [await timed(() => connectAll(server))])
    await sleep(POLL_SECONDS * 1000)
    yield* await unchangedPolls(server)
    yield memory(server)
    yield* await listing(server)
  } finally {
    await server.close()
  }
}

async function seed(server: BenchServer): Promise<void> {
  await server.git.createRepository('all', { branch: 'main' })
  const url = server.git.url('all').replace('http://', `http://bench:${server.gitToken}@`)
  const clone = await Clone.make(url, join(server.folder, 'clone'), process.env)
  for (let number = 0; number < FILES; number++) await clone.write(`chaos/w${number}.yaml`, shopWorkflow(`w${number}`))
  await clone.push('README.md', 'Chaos\n', 'First')
  for (let number = 0; number < PROJECTS; number++)
    await symlink(server.git.repositoryFolder('all'), server.git.repositoryFolder(`p${number}`))
}

async function startRecordedHost(git: GitServer): Promise<OtherHost> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'recorded-git-process.ts'), String(git.port)], {
    stdio: ['pipe', 'pipe', 'inherit']
  })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return { port: Number(port), close: () => void child.kill() }
}

async function connectAll(server: BenchServer): Promise<void> {
  let next = 0
  const connect = async () => {
    while (next < PROJECTS) await connectOne(server, `p${next++}`)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, connect))
}

async function connectOne({ api, gitToken, hostPort }: BenchServer, project: string): Promise<void> {
  await api.post('/projects', { id: project, name: project })
  const url = `http://127.0.0.1:${hostPort}/${project}.git`
  const settings = { url, branch: 'main', path: 'chaos', username: 'bench', token: gitToken, pollSeconds: POLL_SECONDS }
  await api.put(`/projects/${project}/gitops`, settings)
  await api.post(`/projects/${project}/gitops/enable`, { create: false })
  await until('its files are there', 60, async () => (await api.overview(project)).workflows.total === FILES)
}

async function unchangedPolls({ pid, hostPort }: BenchServer): Promise<Figure[]> {
  const [asked, before] = [await askedOf(hostPort), processorTime(pid).own]
  await sleep(WATCH_SECONDS * 1000)
  const polls = (await askedOf(hostPort)) - asked
  const each = (processorTime(pid).own - before) / polls
  return [
    figure(`unchanged poll, processor time of the server (${polls} polls of ${PROJECTS} projects)`, 'ms', [each], {
      name: 'G1',
      most: 0.5
    })
  ]
}

async function askedOf(port: number): Promise<number> {
  return Number(await (await fetch(`http://127.0.0.1:${port}/asked`)).text())
}

function memory({ pid }: BenchServer): Figure {
  return figure(`memory of the server with ${PROJECTS} projects`, 'MB', [residentMemory(pid)], {
    name: 'G16',
    most: 250
  })
}

/** 50 rows of 10,000 workflows, asked 200 times a second whether answered or not, while the polling goes on. */
async function listing(server: BenchServer): Promise<Figure[]> {
  await fill(server)
  const values: number[] = []
  const asked: Promise<void>[] = []
  const started = performance.now()
  for (let number = 0; number < LIST_SECONDS * REQUESTS_PER_SECOND; number++) {
    await sleep(Math.max(0, started + (number * 1000) / REQUESTS_PER_SECOND - performance.now()))
    const look = () => server.api.get('/projects/listed/workflows?limit=50')
    asked.push(timed(look).then((took) => void values.push(took)))
  }
  await Promise.all(asked)
  return [
    figure('list of 50 of 10,000 workflows at 200 requests a second', 'ms', values),
    figure('the same, p99', 'ms', [quantile(values, 0.99)], { name: 'G17', most: 100 })
  ]
}

async function fill({ api, git, gitToken, folder }: BenchServer): Promise<void> {
  await git.createRepository('listed', { branch: 'main' })
  const url = git.url('listed')
  const clone = await Clone.make(
    url.replace('http://', `http://bench:${gitToken}@`),
    join(folder, 'listed'),
    process.env
  )
  for (let number = 0; number < LISTED; number++)
    await clone.write(`litmus/listed/w${number}.yaml`, shopWorkflow(`w${number}`))
  await clone.push('README.md', 'Chaos\n', 'First')
  await api.post('/projects', { id: 'listed', name: 'Listed' })
  await api.put('/projects/listed/gitops', {
    url,
    branch: 'main',
    username: 'bench',
    token: gitToken,
    pollSeconds: POLL_SECONDS
  })
  await api.post('/projects/listed/gitops/enable', { create: false })
  await until('all are listed', 180, async () => (await api.overview('listed')).workflows.total === LISTED)
}
