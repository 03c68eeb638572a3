import { Link } from '@tanstack/react-router'
import type { Overview } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { Chip, CONNECTION } from '../../ui/chip.tsx'
import { ENVIRONMENTS } from '../../ui/environments.ts'
import { Card } from '../../ui/page.tsx'
import classes from './overview.module.css'

/** Where runs happen, and what they may touch there. */
export function LimitsCard({ overview: { infrastructures, guardrails } }: { overview: Overview }) {
  const project = useProject()
  const { allowedNamespaces, maxTargets, maxDurationSeconds } = guardrails
  const where = allowedNamespaces.includes('*') ? 'any namespace' : allowedNamespaces.join(', ') || 'no namespace'
  return (
    <Card
      flush
      title="Where runs happen"
      aside={
        <Link to="/p/$project/infrastructures" params={{ project }}>
          Infrastructures
        </Link>
      }
    >
      <ul className={classes.rows}>
        {infrastructures.map((place) => (
          <li key={place.id}>
            <div className={classes.words}>
              <strong className={classes.name}>{place.name}</strong>
              <span>
                {place.kind}, {ENVIRONMENTS[place.environment]}
              </span>
            </div>
            <Chip face={place.connected ? CONNECTION.connected : CONNECTION.away} />
          </li>
        ))}
        <li>
          <div className={classes.words}>
            <Link to="/p/$project/settings/guardrails" params={{ project }} className={classes.name}>
              Guardrails
            </Link>
            <span>
              {where}, at most {maxTargets} {maxTargets === 1 ? 'target' : 'targets'} and {maxDurationSeconds} s a fault
            </span>
          </div>
        </li>
      </ul>
    </Card>
  )
}
