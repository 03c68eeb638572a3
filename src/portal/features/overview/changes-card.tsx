import { Link } from '@tanstack/react-router'
import type { WorkloadChange } from '../../../contract/index.ts'
import { workloadLabel } from '../../../domain/index.ts'
import { useProject } from '../../frame/current.ts'
import { Chip, DECISIONS, type Face } from '../../ui/chip.tsx'
import { FieldChanges } from '../../ui/field-changes.tsx'
import { Card } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import classes from './overview.module.css'

/** What was released, and what was decided because of it. */
export function ChangesCard({ changes }: { changes: readonly WorkloadChange[] }) {
  const project = useProject()
  return (
    <Card
      flush
      title="Workload changes"
      aside={
        <Link to="/p/$project/events" params={{ project }}>
          All events
        </Link>
      }
    >
      {changes.length === 0 ? (
        <p className={classes.none}>
          None seen yet. A workload that has opted in stands here as soon as its image changes, with what was decided.
        </p>
      ) : (
        <ChangeList changes={changes} />
      )}
    </Card>
  )
}

/** `simulates`: each leads to the simulator */
export function ChangeList({
  changes,
  simulates = false
}: {
  changes: readonly WorkloadChange[]
  simulates?: boolean
}) {
  return (
    <ul className={`${classes.rows} ${classes.chipped}`}>
      {changes.map((change) => (
        <Change key={change.id} change={change} simulates={simulates} />
      ))}
    </ul>
  )
}

function Change({ change, simulates }: { change: WorkloadChange; simulates: boolean }) {
  const project = useProject()
  return (
    <li>
      <Chip face={faceOf(change)} />
      <div className={classes.words}>
        <strong className={classes.name}>
          {change.kind.toLowerCase()}/{change.name}
        </strong>
        <span>
          <FieldChanges workload={workloadLabel(change)} changes={change.changes} />
        </span>
        {change.decisions.map((decision) => (
          <Decision key={decision.id} decision={decision} />
        ))}
      </div>
      <div className={classes.end}>
        <small>
          <When at={change.createdAt} />
        </small>
        {simulates ? (
          <Link to="/p/$project/events" params={{ project }} search={{ tab: 'simulator', change: change.id }}>
            Simulate<span className="visually-hidden"> the change of {change.name}</span>
          </Link>
        ) : null}
      </div>
    </li>
  )
}

function Decision({ decision }: { decision: WorkloadChange['decisions'][number] }) {
  const project = useProject()
  return (
    <span>
      {decision.policy === null ? null : <strong>{decision.policy}: </strong>}
      {decision.reason}
      {decision.run === null ? null : (
        <>
          {' '}
          <Link to="/p/$project/runs/$run" params={{ project, run: decision.run }}>
            See the run<span className="visually-hidden"> of {decision.workflow}</span>
          </Link>
        </>
      )}
    </span>
  )
}

function faceOf({ state, decisions }: WorkloadChange): Face {
  if (state === 'waiting') return DECISIONS.waiting
  const outcomes = decisions.map(({ outcome }) => outcome)
  const told = (['triggered', 'failed'] as const).find((outcome) => outcomes.includes(outcome))
  return DECISIONS[told ?? 'not-triggered']
}
