import { Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { WatchedWorkload } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, type Face } from '../../ui/chip.tsx'
import { CommandBlock } from '../../ui/command-block.tsx'
import list from '../../ui/list.module.css'
import { Card } from '../../ui/page.tsx'
import { Pager, useTurning } from '../../ui/pager.tsx'
import { When } from '../../ui/when.tsx'
import { useWorkloads } from './queries.ts'

const OPTED_IN: Face = { word: 'Opted in', icon: 'check', tone: 'pass' }
const NAMES_NONE: Face = { word: 'Names no workflow', icon: 'alert', tone: 'wait' }
const NOT_OPTED_IN: Face = { word: 'Not opted in', icon: 'minus', tone: 'idle' }
const ANNOTATIONS = 'litmuschaos.io/gitops: "true"\nlitmuschaos.io/workflow: <workflow>'

/** What the agents watch, and which of it may start a run. */
export function Workloads() {
  const { cursor, pages } = useTurning()
  const query = useWorkloads(cursor)
  if (query.isPending) return <ListSkeleton />
  if (query.isError) return <Failed what="The workloads" error={query.error} onRetry={() => void query.refetch()} />
  const { items } = query.data
  return (
    <Stack gap="md">
      <Card flush>
        {items.length === 0 && cursor === undefined ? (
          <Empty title="No workload seen yet">
            An agent reports the workloads of its infrastructure as soon as it is connected.
          </Empty>
        ) : (
          <WorkloadTable rows={items} />
        )}
        <Pager what="workloads" pending={query.isPlaceholderData} {...pages(query.data)} />
      </Card>
      <Card title="Opt a workload in">
        <p>With these annotations on it, each new image starts the workflow by itself.</p>
        <CommandBlock what="annotations" text={ANNOTATIONS} />
      </Card>
    </Stack>
  )
}

function WorkloadTable({ rows }: { rows: readonly WatchedWorkload[] }) {
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Workload</th>
          <th>Opt-in</th>
          <th>Images</th>
          <th>Last change</th>
          <th>Last run</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={`${row.infrastructure.id} ${row.uid}`} row={row} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ row }: { row: WatchedWorkload }) {
  const project = useProject()
  const { kind, namespace, name, infrastructure, asked, images, changedAt, lastRun } = row
  const face = asked === null ? NOT_OPTED_IN : asked.length === 0 ? NAMES_NONE : OPTED_IN
  return (
    <tr>
      <td>
        <span className={list.name}>
          {kind.toLowerCase()}/{name}
        </span>
        <div className={list.sub}>
          {namespace} on {infrastructure.name}
        </div>
      </td>
      <td data-label="Opt-in">
        <Chip face={face} />
        {asked === null || asked.length === 0 ? null : <div className={list.sub}>{asked.join(', ')}</div>}
      </td>
      <td data-label="Images">
        {Object.entries(images).map(([container, image]) => (
          <div key={container}>
            <code>{image}</code>
          </div>
        ))}
      </td>
      <td data-label="Last change">
        {changedAt === null ? <span className={list.sub}>none</span> : <When at={changedAt} />}
      </td>
      <td data-label="Last run">
        {lastRun === null ? (
          <span className={list.sub}>none</span>
        ) : (
          <Link to="/p/$project/runs/$run" params={{ project, run: lastRun }}>
            See the run<span className="visually-hidden"> of {name}</span>
          </Link>
        )}
      </td>
    </tr>
  )
}
