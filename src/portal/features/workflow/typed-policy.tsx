import type { ReactNode } from 'react'
import { type EventPolicy, policyWords } from '../../../domain/index.ts'
import { Card } from '../../ui/page.tsx'
import classes from './workflow.module.css'

/** What the text of an event policy says, as it is typed: it has no steps. */
export function TypedPolicy({ policy, aside }: { policy: EventPolicy; aside: ReactNode }) {
  const { selects, when, pacing, runs } = policyWords(policy)
  return (
    <Card title="What it does" aside={aside}>
      <dl className={classes.policy}>
        <dt>For</dt>
        <dd>{selects}</dd>
        <dt>When</dt>
        <dd>{when}</dd>
        <dt>It runs</dt>
        <dd>{runs.join(', ')}</dd>
        <dt>And</dt>
        {pacing.map((words) => (
          <dd key={words}>{words}</dd>
        ))}
      </dl>
    </Card>
  )
}
