import { Button, Checkbox } from '@mantine/core'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RunSummary } from '../../../contract/index.ts'
import { isFinal } from '../../../domain/index.ts'
import type { ApiClient } from '../../client/api-client.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { type RunFilter, runQuery } from '../../frame/run-filter.ts'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { CauseLine } from '../../ui/cause-words.tsx'
import { Chip, RECOVERIES, runFace } from '../../ui/chip.tsx'
import list from '../../ui/list.module.css'
import { Pager, useTurning } from '../../ui/pager.tsx'
import { Score } from '../../ui/score.tsx'
import { Lasting, When } from '../../ui/when.tsx'

/** A page of the runs, newest first. */
export function runsQuery(api: ApiClient, project: string, { filter, cursor }: { filter: RunFilter; cursor?: string }) {
  return queryOptions({
    queryKey: [...keys.runs(project, filter), cursor ?? null],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/runs', {
        params: { project },
        query: { ...runQuery(filter, Date.now()), cursor, limit: 50 },
        signal
      })
  })
}

/** Runs, newest first, of the filter; another filter begins at the first page. */
export function RunList({ project, filter }: { project: string; filter: RunFilter }) {
  return <RunPages key={JSON.stringify(filter)} project={project} filter={filter} />
}

function RunPages({ project, filter }: { project: string; filter: RunFilter }) {
  const api = useApi()
  const { cursor, pages } = useTurning()
  const query = useQuery({
    ...runsQuery(api, project, { filter, ...(cursor !== undefined && { cursor }) }),
    placeholderData: keepPreviousData
  })
  if (query.isPending) return <ListSkeleton />
  if (query.isError) return <Failed what="The runs" error={query.error} onRetry={() => void query.refetch()} />
  const { items } = query.data
  if (items.length === 0 && cursor === undefined) return <NoRuns filtered={Object.keys(filter).length > 0} />
  return (
    <>
      <RunTable project={project} rows={items} />
      <Pager what="runs" pending={query.isPlaceholderData} {...pages(query.data)} />
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

/** Two that are chosen can be compared; the older one comes first. */
function RunTable({ project, rows }: { project: string; rows: readonly RunSummary[] }) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const choose = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((run) => run !== id) : [...chosen, id])
  const [a, b] = chosen.toSorted()
  return (
    <>
      {a === undefined ? null : (
        <div className={list.toolbar}>
          {b === undefined ? 'Choose one more to compare with.' : null}
          {b === undefined ? null : (
            <Button
              component={Link}
              to="/p/$project/runs/compare"
              params={{ project } as never}
              search={{ a, b } as never}
            >
              Compare the two
            </Button>
          )}
          <Button variant="subtle" onClick={() => setChosen([])}>
            Choose none
          </Button>
        </div>
      )}
      <Rows project={project} rows={rows} chosen={chosen} onChoose={choose} />
    </>
  )
}

interface RowsProps {
  project: string
  rows: readonly RunSummary[]
  chosen: readonly string[]
  onChoose: (id: string) => void
}

function Rows({ project, rows, chosen, onChoose }: RowsProps) {
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>
            <span className="visually-hidden">Compare</span>
          </th>
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
          <Row key={run.id} project={project} run={run} {...choiceOf(run.id, chosen, onChoose)} />
        ))}
      </tbody>
    </table>
  )
}

interface Choice {
  checked: boolean
  /** two are chosen already */
  disabled: boolean
  onChoose: () => void
}

function choiceOf(id: string, chosen: readonly string[], onChoose: (id: string) => void): Choice {
  const checked = chosen.includes(id)
  return { checked, disabled: chosen.length >= 2 && !checked, onChoose: () => onChoose(id) }
}

function Row({ project, run, checked, disabled, onChoose }: { project: string; run: RunSummary } & Choice) {
  const label = `Compare the run of ${run.workflow}, ${run.createdAt}`
  return (
    <tr>
      <td className={list.pick}>
        <Checkbox size="xs" aria-label={label} checked={checked} disabled={disabled} onChange={onChoose} />
      </td>
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
