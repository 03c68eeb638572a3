import { readdirSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Git } from '../git/index.ts'
import { type Clock, type Histogram, Metrics, type Sample, toAppError } from '../platform/index.ts'
import { type Figures, readFigures, type Store } from '../store/index.ts'
import type { PassSeen } from '../sync/index.ts'
import { VERSION } from './version.ts'

/** what the database is asked is kept so long, however often somebody looks */
const KEPT_MS = 5_000

export interface ServerFigures {
  metrics: Metrics
  passEnded(pass: PassSeen): void
  /** git as it is, its calls timed */
  timed(git: Git): Git
  close(): void
}

/** What `/metrics` tells: of this process, and of the database that several servers may share. */
export function serverFigures({ store, clock }: { store: Store; clock: Clock }): ServerFigures {
  const metrics = new Metrics()
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  ofProcess(metrics, delay)
  ofDatabase(
    metrics,
    keptFor(KEPT_MS, clock, () => readFigures(store.db, clock.now()))
  )
  const passes = metrics.histogram({
    name: 'faultline_sync_pass_duration_seconds',
    help: 'Sync passes of this server by how they ended.'
  })
  const calls = metrics.histogram({
    name: 'faultline_git_call_duration_seconds',
    help: 'Calls to git hosts of this server.'
  })
  return {
    metrics,
    passEnded: ({ outcome, seconds }) => passes.observe(seconds, { outcome }),
    timed: (git) => timedGit(git, calls),
    close: () => void delay.disable()
  }
}

function ofProcess(metrics: Metrics, delay: ReturnType<typeof monitorEventLoopDelay>): void {
  metrics.watch({ name: 'faultline_build_info', help: 'The release, as a label.' }, () => [
    { labels: { version: VERSION, node: process.versions.node }, value: 1 }
  ])
  metrics.watch({ name: 'process_start_time_seconds', help: 'When this process began, as Unix time.' }, () => [
    { value: Date.now() / 1000 - process.uptime() }
  ])
  metrics.watch({ name: 'process_cpu_seconds_total', help: 'Processor time of this process.', type: 'counter' }, () => {
    const { user, system } = process.cpuUsage()
    return [{ value: (user + system) / 1e6 }]
  })
  metrics.watch({ name: 'process_resident_memory_bytes', help: 'Memory of this process.' }, () => [
    { value: process.memoryUsage.rss() }
  ])
  metrics.watch({ name: 'nodejs_heap_size_used_bytes', help: 'Heap in use.' }, () => [
    { value: process.memoryUsage().heapUsed }
  ])
  metrics.watch({ name: 'process_open_fds', help: 'Open files and sockets, on Linux.' }, () => [
    { value: readdirSync('/proc/self/fd').length }
  ])
  metrics.watch(
    { name: 'nodejs_eventloop_lag_seconds', help: 'How late the event loop was since the last look, by quantile.' },
    () => {
      const seen = [0.5, 0.99, 1].map((quantile) => {
        const nanoseconds = quantile === 1 ? delay.max : delay.percentile(quantile * 100)
        return { labels: { quantile: String(quantile) }, value: nanoseconds / 1e9 }
      })
      delay.reset()
      return seen
    }
  )
}

type Look = (figures: Figures) => readonly Sample[]

/** name, help, and what of the figures */
const OF_DATABASE: readonly [name: string, help: string, look: Look][] = [
  ['faultline_runs', 'Runs that are kept, by phase and verdict.', ({ runs }) => runs.map(counted)],
  ['faultline_run_requests_queued', 'Run requests that wait.', ({ queued }) => [{ value: queued }]],
  [
    'faultline_run_requests_oldest_seconds',
    'Age of the oldest run request that waits.',
    ({ queuedSeconds }) => [{ value: queuedSeconds }]
  ],
  ['faultline_sync_projects', 'Projects with GitOps on, by the state of their sync.', ({ sync }) => sync.map(counted)],
  [
    'faultline_sync_lag_seconds',
    'How late the most overdue look at a git host is.',
    ({ syncLagSeconds }) => [{ value: syncLagSeconds }]
  ],
  [
    'faultline_edit_requests',
    'Edits on their way to git, and those in conflict.',
    ({ openEdits, conflicts }) => [
      { labels: { state: 'open' }, value: openEdits },
      { labels: { state: 'conflict' }, value: conflicts }
    ]
  ],
  [
    'faultline_agent_silent_seconds',
    'How long ago the agent of an infrastructure was heard of.',
    ({ agents }) =>
      agents.map(({ infrastructure, silentSeconds }) => ({ labels: { infrastructure }, value: silentSeconds }))
  ]
]

function ofDatabase(metrics: Metrics, figures: () => Promise<Figures>): void {
  metrics.watch({ name: 'faultline_database_up', help: '1 if the database answers.' }, async () => [
    {
      value: await figures().then(
        () => 1,
        () => 0
      )
    }
  ])
  for (const [name, help, look] of OF_DATABASE) metrics.watch({ name, help }, async () => look(await figures()))
}

function counted({ count, ...labels }: { count: number } & Record<string, string | number>): Sample {
  return { labels: labels as Record<string, string>, value: count }
}

/** One question at a time, its answer kept for a while; a failure is not. */
function keptFor<T>(ms: number, clock: Clock, ask: () => Promise<T>): () => Promise<T> {
  let kept: { at: number; answer: Promise<T> } | undefined
  return () => {
    const now = clock.now().getTime()
    if (kept !== undefined && now - kept.at < ms) return kept.answer
    const asked = { at: now, answer: ask() }
    kept = asked
    asked.answer.catch(() => {
      if (kept === asked) kept = undefined
    })
    return asked.answer
  }
}

function timedGit(git: Git, calls: Histogram): Git {
  const time = async <T>(call: string, work: Promise<T>): Promise<T> => {
    const began = performance.now()
    const done = (outcome: string) => calls.observe((performance.now() - began) / 1000, { call, outcome })
    try {
      const result = await work
      done('ok')
      return result
    } catch (error) {
      done(toAppError(error).kind)
      throw error
    }
  }
  return {
    ...git,
    tip: (...args) => time('tip', git.tip(...args)),
    fetch: (...args) => time('fetch', git.fetch(...args)),
    push: (...args) => time('push', git.push(...args))
  }
}
