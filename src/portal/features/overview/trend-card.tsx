import { Link } from '@tanstack/react-router'
import type { Overview } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { Chip, runFace } from '../../ui/chip.tsx'
import { Card } from '../../ui/page.tsx'
import { Score } from '../../ui/score.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import classes from './overview.module.css'

/** Did it hold: the last verdict of the workflows that ran last, and how their scores went. */
export function TrendCard({ workflows }: { workflows: Overview['workflows'] }) {
  const project = useProject()
  const rows = workflows.recent.filter(({ lastRun }) => lastRun !== null)
  return (
    <Card
      flush
      title="Verdicts"
      aside={
        <Link to="/p/$project/workflows" params={{ project }}>
          {workflows.total === 1 ? '1 workflow' : `All ${workflows.total} workflows`}
        </Link>
      }
    >
      <ul className={classes.rows}>
        {rows.map((row) => (
          <li key={row.path}>
            <div className={classes.words}>
              <Link to="/p/$project/workflows/$name" params={{ project, name: row.name }} className={classes.name}>
                {row.name}
              </Link>
            </div>
            <div className={classes.trend}>
              {row.lastRun === null ? null : <Chip face={runFace(row.lastRun)} />}
              <Sparkline scores={row.scores} />
              <span className={classes.score}>
                <Score score={row.scores.at(-1) ?? null} />
              </span>
            </div>
          </li>
        ))}
        {rows.length === 0 ? <li className={classes.quiet}>No workflow has run yet.</li> : null}
      </ul>
    </Card>
  )
}
