import { Link } from '@tanstack/react-router'
import type { Overview } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { Card } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import classes from './overview.module.css'

/** What the clock starts next; not there in a project without schedules. */
export function StartsCard({ schedules: { next, paused } }: { schedules: Overview['schedules'] }) {
  const project = useProject()
  if (next.length === 0 && paused === 0) return null
  return (
    <Card flush title="Next schedules">
      <ul className={classes.rows}>
        {next.map(({ workflow, words, at }) => (
          <li key={workflow}>
            <div className={classes.words}>
              <Link
                to="/p/$project/workflows/$name"
                params={{ project, name: workflow }}
                search={{ tab: 'triggers' }}
                className={classes.name}
              >
                {workflow}
              </Link>
              <span>{words}</span>
            </div>
            <div className={classes.end}>
              <small>
                <When at={at} />
              </small>
            </div>
          </li>
        ))}
        {paused === 0 ? null : (
          <li className={classes.quiet}>
            {paused === 1 ? 'One schedule is paused' : `${paused} schedules are paused`}: nothing starts by it until a
            person activates it on its workflow’s page.
          </li>
        )}
      </ul>
    </Card>
  )
}
