import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { WorkflowSummary } from '../../../contract/index.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { Chip, runFace, SyncChip, scheduleFace } from '../../ui/chip.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Problems } from '../../ui/problems.tsx'
import { FileLink } from '../../ui/repository-links.tsx'
import { Score } from '../../ui/score.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { When } from '../../ui/when.tsx'
import { useStartRun } from '../runs/start-run.ts'

export function WorkflowTable({ rows }: { rows: readonly WorkflowSummary[] }) {
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Kind</th>
          <th>Sync</th>
          <th>Last run</th>
          <th>Last ten</th>
          <th>
            <span className="visually-hidden">Run</span>
          </th>
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

function Row({ row }: { row: WorkflowSummary }) {
  return (
    <tr>
      <td>
        <Name row={row} />
        <Problems problems={row.problems} file={{ path: row.path, commit: row.fileCommit }} />
      </td>
      <td data-label="Kind">
        <Kind row={row} />
      </td>
      <td data-label="Sync">
        <SyncChip sync={row.sync} note={row.syncNote} commit={row.commit} />
      </td>
      <td data-label="Last run">
        <LastRunCell row={row} />
      </td>
      <td data-label="Last ten">{row.definition === null ? null : <Sparkline scores={row.scores} />}</td>
      <td className={list.end}>{row.definition === null ? null : <RunButton name={row.name} />}</td>
    </tr>
  )
}

/** A bad file that never was a workflow has no page of its own: what is wrong stands right here. */
function Name({ row }: { row: WorkflowSummary }) {
  const project = useProject()
  const opens = row.definition !== null || row.sync !== 'invalid-in-git'
  return (
    <div>
      {opens ? (
        <Link to="/p/$project/workflows/$name" params={{ project, name: row.name }} className={list.name}>
          {row.name}
        </Link>
      ) : (
        <span className={list.name}>{row.name}</span>
      )}
      <div className={list.sub}>
        <FileLink path={row.path} commit={row.fileCommit}>
          {row.path}
        </FileLink>
      </div>
    </div>
  )
}

/** With when it starts by itself, in words. */
function Kind({ row: { kind, schedule } }: { row: WorkflowSummary }) {
  if (kind === null) return <span className={list.sub}>–</span>
  return (
    <div className={list.stack}>
      {kind}
      {schedule === null ? null : (
        <div className={list.inline}>
          <span className={list.sub}>{schedule.words}</span>
          <Chip face={scheduleFace(schedule)} note={schedule.held} />
        </div>
      )}
    </div>
  )
}

function LastRunCell({ row }: { row: WorkflowSummary }) {
  const project = useProject()
  if (row.lastRun === null) return <span className={list.sub}>{row.definition === null ? '–' : 'never'}</span>
  const { id, score, at } = row.lastRun
  return (
    <span className={list.inline}>
      <Link to="/p/$project/runs/$run" params={{ project, run: id }}>
        <span className="visually-hidden">Last run of {row.name}: </span>
        <Chip face={runFace(row.lastRun)} />
      </Link>
      <Score score={score} />
      <span className={list.sub}>
        <When at={at} />
      </span>
    </span>
  )
}

function RunButton({ name }: { name: string }) {
  const start = useStartRun()
  if (!useMay().edit) return null
  return (
    <Button
      size="xs"
      variant="default"
      aria-label={`Run ${name}`}
      leftSection={<Icon name="runs" size={12} />}
      loading={start.isPending}
      onClick={() => start.mutate({ workflow: name })}
    >
      Run
    </Button>
  )
}
