import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { until } from '../src/demo/patience.ts'
import { Clone } from '../src/demo/repository.ts'
import { shopWorkflow } from '../src/demo/shop/workflow.ts'
import { type BenchServer, startBenchServer } from './bench-server.ts'
import { type Figure, figure, measure, quantile, timed } from './measure.ts'
import { processorTime } from './process-load.ts'

const FILES = 1000
const COMMITS = 1000
const SAMPLES = 15
const PROJECT = 'large'

/** One repository of 1,000 workflows and 1,000 commits. */
export async function* largeRepository(): AsyncGenerator<Figure> {
  const server = await startBenchServer()
  try {
    const clone = await seed(server)
    yield await firstEnable(server)
    yield* await pushToVisible(server, clone)
    yield* await saveToCommit(server)
    yield* await importMany(server, clone)
  } finally {
    await server.close()
  }
}

const file = (name: string) => `litmus/${PROJECT}/${name}.yaml`
const name = (number: number) => `workflow-${String(number).padStart(4, '0')}`

async function seed(server: BenchServer): Promise<Clone> {
  await server.git.createRepository(PROJECT, { branch: 'main' })
  const url = server.git.url(PROJECT).replace('http://', `http://bench:${server.gitToken}@`)
  const clone = await Clone.make(url, join(server.folder, 'clone'), process.env)
  for (let number = 0; number < FILES; number++) await clone.write(file(name(number)), shopWorkflow(name(number)))
  await clone.git('add', '--all')
  for (let number = 0; number < COMMITS; number++)
    await clone.git('commit', '--quiet', '--allow-empty', '--message', `Commit ${number}`)
  await clone.git('push', '--quiet', 'origin', 'HEAD:main')
  return clone
}

/** From *Enable* until all of them are there. */
async function firstEnable(server: BenchServer): Promise<Figure> {
  const { api, git, gitToken } = server
  await api.post('/projects', { id: PROJECT, name: 'Large' })
  const url = git.url(PROJECT)
  const settings = { url, branch: 'main', username: 'bench', token: gitToken, pollSeconds: 3600 }
  await api.put(`/projects/${PROJECT}/gitops`, settings)
  const took = await timed(async () => {
    await api.post(`/projects/${PROJECT}/gitops/enable`, { create: false })
    await until('all are there', 60, async () => (await api.overview(PROJECT)).workflows.total === FILES)
  })
  return figure('first enable, 1,000 files and commits', 'ms', [took], { name: 'G9', most: 3000 })
}

/** From the webhook, which a host sends when it has the push, until the API shows the text. */
async function pushToVisible(server: BenchServer, clone: Clone): Promise<Figure[]> {
  const { secret } = await server.api.post<{ secret: string }>(`/projects/${PROJECT}/gitops/hook-secret`)
  const values: number[] = []
  for (let number = 0; number < SAMPLES; number++) {
    const changed = name(number)
    const text = `${await clone.read(file(changed))}# ${number}\n`
    await clone.push(file(changed), text, `Change ${number}`)
    values.push(
      await timed(async () => {
        await knock(server, secret)
        await until('the push is seen', 20, async () => (await server.api.workflow(PROJECT, changed)).text === text)
      })
    )
  }
  return [
    figure('webhook → visible, 1 of 1,000 files', 'ms', values, { name: 'G4 p50', most: 300 }),
    figure('the same, p99', 'ms', [quantile(values, 0.99)], { name: 'G4 p99', most: 1000 })
  ]
}

async function knock({ url }: BenchServer, secret: string): Promise<void> {
  const body = JSON.stringify({ ref: 'refs/heads/main' })
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const answer = await fetch(new URL(`/api/v1/hooks/git/${PROJECT}`, url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-hub-signature-256': `sha256=${signature}`
    },
    body
  })
  if (answer.status !== 202) throw new Error(`the webhook was answered ${answer.status}`)
}

/** From the click until the remote was read back and has the commit. */
async function saveToCommit({ api, pid }: BenchServer): Promise<Figure[]> {
  const values: number[] = []
  const before = processorTime(pid)
  for (let number = 0; number < SAMPLES; number++) {
    const { text, etag } = await api.workflow(PROJECT, name(number))
    values.push(
      await timed(async () => {
        const edit = await api.saveWorkflow(PROJECT, name(number), { text: `${text}# saved\n`, etag, message: 'Bench' })
        if (edit.state !== 'merged') throw new Error(`the edit is ${edit.state}: ${edit.reason}`)
      })
    )
  }
  const processor = (processorTime(pid).withChildren - before.withChildren) / SAMPLES
  return [
    figure('save → commit on the remote, 1,000 files and commits', 'ms', values, { name: 'G6 p50', most: 150 }),
    figure('the same, p99', 'ms', [quantile(values, 0.99)], { name: 'G6 p99', most: 500 }),
    figure('the same, processor time with git’s', 'ms', [processor], { name: 'G6', most: 60 })
  ]
}

/** 1,000 new files in one commit, from *Sync now* until all are listed. */
async function importMany(server: BenchServer, clone: Clone): Promise<Figure[]> {
  await clone.git('pull', '--quiet', '--rebase', 'origin', 'main')
  for (let number = FILES; number < 2 * FILES; number++)
    await clone.write(file(name(number)), shopWorkflow(name(number)))
  await clone.push(file(name(FILES)), shopWorkflow(name(FILES)), 'A thousand more')
  await server.blocked()
  const { api } = server
  const took = await measure(
    'import of 1,000 new workflows in one commit',
    1,
    () =>
      timed(async () => {
        await api.post(`/projects/${PROJECT}/gitops/sync`)
        await until('all are there', 60, async () => (await api.overview(PROJECT)).workflows.total === 2 * FILES)
      }),
    { name: 'G8', most: 3000 }
  )
  return [
    took,
    figure('longest block of the event loop meanwhile', 'ms', [await server.blocked()], { name: 'G8', most: 100 })
  ]
}
