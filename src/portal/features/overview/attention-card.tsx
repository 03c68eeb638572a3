import { Link } from '@tanstack/react-router'
import type { Infrastructure, Overview, RunSummary, WorkflowSummary } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { Chip, CONNECTION, PHASES, SYNC_STATES, SYNC_STATUS, SyncChip } from '../../ui/chip.tsx'
import { Card } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import classes from './overview.module.css'
import { waitsForPerson } from './overview-words.ts'

/** What must I do: nothing, unless something stands here. */
export function AttentionCard({ overview }: { overview: Overview }) {
  const { gitops, infrastructures } = overview
  const { total, first } = overview.attention
  const withheld = first.filter(({ sync }) => sync === 'withheld')
  const attention = first.filter(({ sync }) => sync !== 'withheld')
  const stalled = gitops.enabled && gitops.sync.status === 'stalled' && withheld.length === 0
  const away = infrastructures.filter(({ connected, seenAt }) => !connected && seenAt !== null)
  const asking = overview.active.filter(waitsForPerson)
  if (total + asking.length + away.length === 0 && !stalled) return null
  return (
    <Card flush title="Needs you">
      <ul className={`${classes.rows} ${classes.chipped}`}>
        {asking.map((run) => (
          <Asking key={run.id} run={run} />
        ))}
        {stalled ? <Stalled message={gitops.sync.message} /> : null}
        {withheld.length > 0 ? <Withheld names={withheld.map(({ name }) => name)} why={gitops.sync.message} /> : null}
        {attention.map((row) => (
          <Attention key={row.path} row={row} />
        ))}
        {total > first.length ? <More count={total - first.length} /> : null}
        {away.map((place) => (
          <Away key={place.id} place={place} />
        ))}
      </ul>
    </Card>
  )
}

function Asking({ run }: { run: RunSummary }) {
  const project = useProject()
  return (
    <li>
      <Chip face={PHASES.waiting} />
      <div className={classes.words}>
        <Link to="/p/$project/runs/$run" params={{ project, run: run.id }} className={classes.name}>
          {run.workflow}
        </Link>
        <span>Its run waits for a person to approve or reject what comes next.</span>
      </div>
    </li>
  )
}

function Stalled({ message }: { message: string | null }) {
  const project = useProject()
  return (
    <li>
      <Chip face={SYNC_STATUS.stalled} />
      <div className={classes.words}>
        <Link to="/p/$project/settings/gitops" params={{ project }} className={classes.name}>
          Syncing with git
        </Link>
        <span>{message}</span>
      </div>
    </li>
  )
}

/** They are accepted or brought back together. */
function Withheld({ names, why }: { names: readonly string[]; why: string | null }) {
  const project = useProject()
  return (
    <li>
      <Chip face={SYNC_STATES.withheld} />
      <div className={classes.words}>
        <Link to="/p/$project/settings/gitops" params={{ project }} className={classes.name}>
          {names.join(', ')}
        </Link>
        <span>{why ?? 'Gone from git; the deletion waits for approval.'}</span>
      </div>
    </li>
  )
}

function Attention({ row }: { row: WorkflowSummary }) {
  const problem = row.problems[0]
  const why = problem ? `${problem.line === undefined ? '' : `line ${problem.line}: `}${problem.message}` : row.syncNote
  return (
    <li>
      <SyncChip sync={row.sync} />
      <div className={classes.words}>
        <AttentionLink row={row} />
        <span>{why}</span>
      </div>
    </li>
  )
}

/** Where it is mended: a bad file in the list, a conflict on its page. */
function AttentionLink({ row }: { row: WorkflowSummary }) {
  const project = useProject()
  if (row.definition === null) {
    return (
      <Link to="/p/$project/workflows" params={{ project }} search={{ q: row.path }} className={classes.name}>
        {row.name}
      </Link>
    )
  }
  return (
    <Link to="/p/$project/workflows/$name" params={{ project, name: row.name }} className={classes.name}>
      {row.name}
    </Link>
  )
}

function More({ count }: { count: number }) {
  const project = useProject()
  return (
    <li className={classes.quiet}>
      <Link to="/p/$project/workflows" params={{ project }}>
        {count} more in the list of workflows
      </Link>
    </li>
  )
}

function Away({ place }: { place: Infrastructure }) {
  const project = useProject()
  return (
    <li>
      <Chip face={CONNECTION.away} />
      <div className={classes.words}>
        <Link to="/p/$project/infrastructures" params={{ project }} className={classes.name}>
          {place.name}
        </Link>
        <span>
          Its agent was seen {place.seenAt === null ? 'never' : <When at={place.seenAt} />}; runs wait for it.
        </span>
      </div>
    </li>
  )
}
