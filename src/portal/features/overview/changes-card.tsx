import { Link } from '@tanstack/react-router'
import type { WorkloadChange } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { Chip, DECISIONS, type Face } from '../../ui/chip.tsx'
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

export function ChangeList({ changes }: { changes: readonly WorkloadChange[] }) {
  return (
    <ul className={`${classes.rows} ${classes.chipped}`}>
      {changes.map((change) => (
        <Change key={change.id} change={change} />
      ))}
    </ul>
  )
}

function Change({ change }: { change: WorkloadChange }) {
  return (
    <li>
      <Chip face={faceOf(change)} />
      <div className={classes.words}>
        <strong className={classes.name}>
          {change.kind.toLowerCase()}/{change.name}
        </strong>
        <span>
          {change.changes.map(({ aspect, key, before, after }) => (
            <span key={`${aspect}/${key}`} className={classes.images}>
              <code>{before ?? 'none'}</code> → <code>{after ?? 'none'}</code>
            </span>
          ))}
        </span>
        {change.decisions.map((decision) => (
          <Decision key={decision.id} decision={decision} />
        ))}
      </div>
      <div className={classes.end}>
        <small>
          <When at={change.createdAt} />
        </small>
      </div>
    </li>
  )
}

function Decision({ decision }: { decision: WorkloadChange['decisions'][number] }) {
  const project = useProject()
  return (
    <span>
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
  return DECISIONS[decisions.some(({ outcome }) => outcome === 'triggered') ? 'triggered' : 'not-triggered']
}
