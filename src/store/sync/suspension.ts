import { sql } from 'kysely'
import type { Db } from '../connect.ts'
import { pausedBecause } from './read.ts'

/**
 * Why no automatic run of this definition may start now, one sentence for people; null = it may. It holds from the
 * moment a deletion is asked for or withheld, before anything was deleted, and while GitOps is paused.
 */
export async function suspensionOf(db: Db, definitionId: string): Promise<string | null> {
  const { rows } = await sql<Suspension>`
    select d.suspended, d.deleted_at is not null as deleted,
      (select author from edit_requests r where r.project_id = d.project_id and r.path = d.path
        and r.action = 'delete' and r.state in ('open', 'conflict') limit 1) as requested_by,
      (select kind from withheld w where w.project_id = d.project_id and w.state = 'waiting'
        and (w.kind <> 'deletions' or w.detail -> 'paths' ? d.path) order by w.id limit 1) as withheld,
      (select paused_by from gitops_settings g where g.project_id = d.project_id and g.enabled) as paused_by
    from definitions d where d.id = ${definitionId}`.execute(db)
  const [found] = rows
  if (found === undefined || found.deleted) return 'The workflow was deleted.'
  const { suspended, requestedBy, withheld, pausedBy } = found
  if (suspended !== null) return suspended
  if (requestedBy !== null) return `Its deletion was requested by ${requestedBy}.`
  if (withheld !== null) return WITHHELD[withheld]
  return pausedBy === null ? null : pausedBecause(pausedBy)
}

interface Suspension {
  suspended: string | null
  deleted: boolean
  requestedBy: string | null
  withheld: keyof typeof WITHHELD | null
  pausedBy: string | null
}

const WITHHELD = {
  deletions: 'Its deletion in git waits for approval.',
  rewrite: 'The history of the branch was rewritten; the change waits for approval.',
  'missing-branch': 'The branch is missing in the repository.',
  'missing-path': 'The folder of the project is missing in the repository.'
} as const
