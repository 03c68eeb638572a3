import { type Fact, faultStories, isFinal, junitReport, stepWaits, timelineOf } from '../domain/index.ts'
import { factsAfter, type Store } from '../store/index.ts'
import type { Answer, ApiOptions, Call, Handlers } from './context.ts'
import { htmlReport } from './report/html-report.ts'
import { POLICY } from './report/html-style.ts'
import { runReport } from './report/run-report.ts'
import { project, runOf, wholeRun } from './run-routes.ts'

const FACTS_PER_READ = 2000
/** A report holds so many facts; the log is none of it. */
const FACTS = 50_000

export const reportRoutes: Handlers<'runReport' | 'runReportHtml' | 'runReportJunit'> = {
  runReport: async (call, api) => ({ body: (await reportOf(call, api)).report }),

  runReportHtml: async (call, api) => {
    const { report, facts, run } = await reportOf(call, api)
    const from = Date.parse(run.startedAt ?? run.createdAt)
    const to = isFinal(run.phase) && run.endedAt !== null ? Date.parse(run.endedAt) : api.clock.now().getTime()
    const url = new URL(`/p/${encodeURIComponent(project(call))}/runs/${encodeURIComponent(run.id)}`, api.publicUrl)
      .href
    const timeline = timelineOf({ faults: faultStories(run.plan, facts), waits: stepWaits(run) }, { from, to })
    return document(htmlReport({ report, timeline, url, madeAt: api.clock.now() }), {
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': `inline; filename="run-${run.id}.html"`,
      'content-security-policy': `${POLICY}; frame-ancestors 'none'; sandbox`
    })
  },

  runReportJunit: async (call, api) => {
    const { run, steps, judgement } = (await reportOf(call, api)).report
    return document(junitReport({ ...run, steps }, judgement), {
      'content-type': 'application/xml; charset=utf-8',
      'content-disposition': `attachment; filename="run-${run.id}.xml"`
    })
  }
}

async function reportOf(call: Call, { store }: ApiOptions) {
  const run = await wholeRun(store, await runOf(store, call))
  const { facts, complete } = await factsOf(store, run.id)
  return { run, facts, report: runReport({ project: project(call), run, facts, complete }) }
}

async function factsOf(store: Store, runId: string): Promise<{ facts: Fact[]; complete: boolean }> {
  const facts: Fact[] = []
  for (let after = 0; facts.length < FACTS; ) {
    const more = await factsAfter(store.db, { runId, after, limit: FACTS_PER_READ })
    facts.push(...more)
    if (more.length < FACTS_PER_READ) return { facts, complete: true }
    after = more.at(-1)?.seq ?? after
  }
  return { facts, complete: false }
}

function document(body: string, headers: Record<string, string>): Answer {
  return { body, headers }
}
