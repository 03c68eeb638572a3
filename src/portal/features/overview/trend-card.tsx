import { Link } from '@tanstack/react-router'
import type { Overview } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { Card } from '../../ui/page.tsx'
import { Score } from '../../ui/score.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import classes from './overview.module.css'

/** Did it hold, over the last runs of each workflow. */
export function TrendCard({ workflows }: { workflows: Overview['workflows'] }) {
  const project = useProject()
  const rows = workflows.recent.filter(({ scores }) => scores.length > 0)
  return (
    <Card
      flush
      title="Scores"
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
            <Sparkline scores={row.scores} />
            <span className={classes.score}>
              <Score score={row.scores.at(-1) ?? null} />
            </span>
          </li>
        ))}
        {rows.length === 0 ? <li className={classes.quiet}>No workflow has a score yet.</li> : null}
      </ul>
    </Card>
  )
}
