import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RunSummary } from '../../../contract/index.ts'
import { isFinal } from '../../../domain/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { type RunFilter, runQuery } from '../../frame/run-filter.ts'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { CauseLine } from '../../ui/cause-words.tsx'
import { Chip, RECOVERIES, runFace } from '../../ui/chip.tsx'
import list from '../../ui/list.module.css'
import { Score } from '../../ui/score.tsx'
import { ShowOlder } from '../../ui/show-older.tsx'
import { Lasting, When } from '../../ui/when.tsx'

/** Runs, newest first, of the filter. */
export function RunList({ project, filter }: { project: string; filter: RunFilter }) {
  const api = useApi()
  const query = useInfiniteQuery({
    queryKey: keys.runs(project, filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call('GET /projects/:project/runs', {
        params: { project },
        query: { ...runQuery(filter, Date.now()), cursor: pageParam, limit: 50 },
        signal
      }),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before
  })
  if (query.isPending) return <ListSkeleton />
  if (query.isError) return <Failed what="The runs" error={query.error} onRetry={() => void query.refetch()} />
  const rows = query.data.pages.flatMap((page) => page.items)
  if (rows.length === 0) return <NoRuns filtered={Object.keys(filter).length > 0} />
  return (
    <>
      <RunTable project={project} rows={rows} />
      <ShowOlder query={query} />
    </>
  )
}

function NoRuns({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty title="No run fits">Take a filter away, or start a run from its workflow.</Empty>
  ) : (
    <Empty title="No run yet">
      A run executes a workflow once: a person starts it, or the release of a workload that has opted in. Open Workflows
      and press Run to see the first one.
    </Empty>
  )
}

function RunTable({ project, rows }: { project: string; rows: readonly RunSummary[] }) {
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Workflow, and why it ran</th>
          <th>Result</th>
          <th>Score</th>
          <th>Recovery</th>
          <th>Took</th>
          <th>When</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((run) => (
          <Row key={run.id} project={project} run={run} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ project, run }: { project: string; run: RunSummary }) {
  return (
    <tr>
      <td>
        <Link to="/p/$project/runs/$run" params={{ project, run: run.id }} className={list.name}>
          {run.workflow}
        </Link>
        <div className={list.sub}>
          <CauseLine cause={run.cause} />
        </div>
      </td>
      <td data-label="Result">
        <Chip face={runFace(run)} note={run.reason} />
      </td>
      <td data-label="Score">
        {run.score === null || !isFinal(run.phase) ? <span className={list.sub}>–</span> : <Score score={run.score} />}
      </td>
      <td data-label="Recovery">
        {run.recovery === null ? <span className={list.sub}>–</span> : <Chip face={RECOVERIES[run.recovery]} />}
      </td>
      <td data-label="Took">
        <Lasting from={run.startedAt} to={run.endedAt} />
      </td>
      <td data-label="When">
        <When at={run.createdAt} />
      </td>
    </tr>
  )
}
