import type { ReactNode } from 'react'
import type { Run } from '../../../contract/index.ts'
import { Commit } from '../../ui/copy.tsx'
import { Lasting, When } from '../../ui/when.tsx'
import classes from './run.module.css'

/** When, where and of which revision. */
export function RunFacts({ run }: { run: Run }) {
  return (
    <dl className={classes.facts}>
      <Item term="Took">
        <Lasting from={run.startedAt} to={run.endedAt} />
      </Item>
      <Item term="Started">{run.startedAt === null ? 'not yet' : <When at={run.startedAt} />}</Item>
      <Item term="Revision">
        {run.revision}
        {run.commit === null ? null : <Commit id={run.commit} />}
      </Item>
      <Item term="Infrastructure">{run.infrastructure.name}</Item>
      {Object.entries(run.parameters).map(([name, value]) => (
        <Item key={name} term={name}>
          <code>{value}</code>
        </Item>
      ))}
    </dl>
  )
}

function Item({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
