import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Policy } from '../../../contract/index.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, DECISIONS, SyncChip } from '../../ui/chip.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Card } from '../../ui/page.tsx'
import { Pager, useTurning } from '../../ui/pager.tsx'
import { Problems } from '../../ui/problems.tsx'
import { FileLink } from '../../ui/repository-links.tsx'
import { When } from '../../ui/when.tsx'
import classes from './policies.module.css'
import { usePolicies } from './queries.ts'

/** Which changes start what, in words, and what each policy decided last. */
export function Policies() {
  const { cursor, pages } = useTurning()
  const query = usePolicies(cursor)
  if (query.isPending) return <ListSkeleton />
  if (query.isError) return <Failed what="The policies" error={query.error} onRetry={() => void query.refetch()} />
  const { items } = query.data
  if (items.length === 0 && cursor === undefined) return <NoPolicies />
  return (
    <Card flush title="Event policies" aside={<NewPolicy />}>
      <PolicyTable rows={items} />
      <Pager what="policies" pending={query.isPlaceholderData} {...pages(query.data)} />
    </Card>
  )
}

function NoPolicies() {
  return (
    <Card flush>
      <Empty title="No event policy yet" action={<NewPolicy />}>
        A policy says which change of which workload starts which workflow, and when: a new minor version, more
        replicas, another memory limit. Without one, a workload that has opted in starts its workflow with each new
        image.
      </Empty>
    </Card>
  )
}

function NewPolicy() {
  const project = useProject()
  if (!useMay().edit) return null
  return (
    <Button
      component={Link}
      size="xs"
      to="/p/$project/workflows/new"
      params={{ project } as never}
      search={{ kind: 'policy' } as never}
      leftSection={<Icon name="plus" size={13} />}
    >
      New policy
    </Button>
  )
}

function PolicyTable({ rows }: { rows: readonly Policy[] }) {
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Rule</th>
          <th>Last decision</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.path} row={row} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ row }: { row: Policy }) {
  const project = useProject()
  const { name, path, fileCommit, problems, sync, syncNote, commit, suspended } = row
  return (
    <tr>
      <td>
        <Link to="/p/$project/workflows/$name" params={{ project, name }} className={list.name}>
          {name}
        </Link>
        <div className={list.sub}>
          <FileLink path={path} commit={fileCommit}>
            {path}
          </FileLink>
        </div>
        <SyncChip sync={sync} note={syncNote} commit={commit} />
        {suspended === null ? null : <div className={list.sub}>It starts nothing: {suspended}.</div>}
        <Problems problems={problems} file={{ path, commit: fileCommit }} />
      </td>
      <td data-label="Rule">
        <Rules row={row} />
      </td>
      <td data-label="Last decision">
        <LastDecision decision={row.lastDecision} />
      </td>
    </tr>
  )
}

function Rules({ row: { rules, kind } }: { row: Policy }) {
  if (rules === null) return <span className={list.sub}>It is on its way to git.</span>
  const runs = rules.runs.map(({ workflow }) => workflow)
  return (
    <div className={classes.rules}>
      <div>
        When {rules.when}, of {rules.selects}: run{' '}
        <strong>{runs.length === 0 ? 'what its annotation names' : runs.join(', ')}</strong>
      </div>
      <div className={list.sub}>
        {rules.pacing.join('; ')}
        {kind === 'EventTrackerPolicy' ? ' (a policy of Litmus)' : ''}
      </div>
    </div>
  )
}

function LastDecision({ decision }: { decision: Policy['lastDecision'] }) {
  const project = useProject()
  if (decision === null) return <span className={list.sub}>none yet</span>
  const { outcome, reason, run, createdAt, workflow } = decision
  return (
    <div className={classes.rules}>
      <div className={list.inline}>
        <Chip face={DECISIONS[outcome]} />
        <span className={list.sub}>
          <When at={createdAt} />
        </span>
      </div>
      <div className={list.sub}>{reason}</div>
      {run === null ? null : (
        <Link to="/p/$project/runs/$run" params={{ project, run }}>
          See the run<span className="visually-hidden"> of {workflow}</span>
        </Link>
      )}
    </div>
  )
}
