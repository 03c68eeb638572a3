import { Link } from '@tanstack/react-router'
import type { RunSummary } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { CauseLine } from '../../ui/cause-words.tsx'
import { Chip, runFace } from '../../ui/chip.tsx'
import { Card } from '../../ui/page.tsx'
import { Score } from '../../ui/score.tsx'
import { Lasting, When } from '../../ui/when.tsx'
import classes from './overview.module.css'

interface LatestRunsCardProps {
  active: readonly RunSummary[]
  recent: readonly RunSummary[]
}

/** What ran because of what, and did it hold; those under way first. */
export function LatestRunsCard({ active, recent }: LatestRunsCardProps) {
  const project = useProject()
  const ended = recent.filter(({ id }) => active.every((run) => run.id !== id))
  return (
    <Card
      flush
      title="Latest runs"
      aside={
        <Link to="/p/$project/runs" params={{ project }}>
          All runs
        </Link>
      }
    >
      <ul className={`${classes.rows} ${classes.chipped}`}>
        {active.map((run) => (
          <RunRow key={run.id} run={run} live />
        ))}
        {ended.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </ul>
    </Card>
  )
}

function RunRow({ run, live = false }: { run: RunSummary; live?: boolean }) {
  const project = useProject()
  return (
    <li data-live={live}>
      <Chip face={runFace(run)} />
      <div className={classes.words}>
        <Link to="/p/$project/runs/$run" params={{ project, run: run.id }} className={classes.name}>
          {run.workflow}
        </Link>
        <CauseLine cause={run.cause} />
      </div>
      <div className={classes.end}>
        {live ? null : <Score score={run.score} />}
        <small>{live ? <Lasting from={run.startedAt} to={null} /> : <When at={run.createdAt} />}</small>
      </div>
    </li>
  )
}
