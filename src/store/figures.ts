import { sql } from 'kysely'
import type { Db } from './connect.ts'
import { snapshot } from './snapshot.ts'

/** How much there is of what, for whoever watches the server; no names of projects or people. */
export interface Figures {
  runs: { phase: string; verdict: string; count: number }[]
  queued: number
  /** age of the oldest run request that waits, in seconds; 0: none does */
  queuedSeconds: number
  /** projects with GitOps on, by the state of their sync */
  sync: { status: string; count: number }[]
  /** how late the most overdue look at a git host is, in seconds */
  syncLagSeconds: number
  openEdits: number
  conflicts: number
  agents: { infrastructure: string; silentSeconds: number }[]
}

const MOST_AGENTS = 200

export function readFigures(db: Db, now: Date): Promise<Figures> {
  return snapshot(db, async (tx) => {
    const count = (kind: { count: number | string | bigint }) => Number(kind.count)
    const runs = await tx
      .selectFrom('runs')
      .select(['phase', 'verdict', tx.fn.countAll().as('count')])
      .groupBy(['phase', 'verdict'])
      .execute()
    const queue = await tx
      .selectFrom('runRequests')
      .select([tx.fn.countAll().as('count'), tx.fn.min('createdAt').as('oldest')])
      .where('state', '=', 'queued')
      .executeTakeFirstOrThrow()
    const sync = await tx
      .selectFrom('syncState')
      .innerJoin('gitopsSettings', 'gitopsSettings.projectId', 'syncState.projectId')
      .select(['status', tx.fn.countAll().as('count'), sql<Date | null>`min(next_check_at)`.as('due')])
      .where('enabled', '=', true)
      .groupBy('status')
      .execute()
    const edits = await tx
      .selectFrom('editRequests')
      .select(['state', tx.fn.countAll().as('count')])
      .where('state', 'in', ['open', 'conflict'])
      .groupBy('state')
      .execute()
    const agents = await tx
      .selectFrom('infrastructures')
      .select(['name', 'seenAt'])
      .where('seenAt', 'is not', null)
      .where('removedAt', 'is', null)
      .orderBy('seenAt', 'desc')
      .limit(MOST_AGENTS)
      .execute()
    const edit = (state: string) => edits.filter((row) => row.state === state).reduce((sum, row) => sum + count(row), 0)
    return {
      runs: runs.map((row) => ({ phase: row.phase, verdict: row.verdict, count: count(row) })),
      queued: count(queue),
      queuedSeconds: secondsSince(queue.oldest, now),
      sync: sync.map((row) => ({ status: row.status, count: count(row) })),
      syncLagSeconds: Math.max(0, ...sync.map(({ due }) => secondsSince(due, now))),
      openEdits: edit('open'),
      conflicts: edit('conflict'),
      agents: agents.map(({ name, seenAt }) => ({ infrastructure: name, silentSeconds: secondsSince(seenAt, now) }))
    }
  })
}

function secondsSince(then: Date | null, now: Date): number {
  return then === null ? 0 : Math.max(0, (now.getTime() - then.getTime()) / 1000)
}
