import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Run } from '../../../contract/index.ts'
import { Chip, RECOVERIES, VERDICTS } from '../../ui/chip.tsx'
import { Commit } from '../../ui/copy.tsx'
import { Score } from '../../ui/score.tsx'
import { Lasting, When } from '../../ui/when.tsx'
import classes from './run.module.css'
import { scoreFormula } from './score-formula.ts'

/** The result in one strip. */
export function RunFacts({ run }: { run: Run }) {
  return (
    <dl className={classes.facts}>
      <Item term="Score">
        <RunScore run={run} />
      </Item>
      <Item term="Verdict">
        <Chip face={VERDICTS[run.verdict]} />
      </Item>
      <Item term="Recovery">{run.recovery === null ? 'not yet' : <Chip face={RECOVERIES[run.recovery]} />}</Item>
      <Item term="Took">
        <Lasting from={run.startedAt} to={run.endedAt} />
      </Item>
      <Item term="Started">{run.startedAt === null ? 'not yet' : <When at={run.startedAt} />}</Item>
      <Item term="Revision">
        {run.revision}
        {run.commit === null ? null : <Commit id={run.commit} />}
      </Item>
      <Item term="Infrastructure">{run.infrastructure.name}</Item>
    </dl>
  )
}

function RunScore({ run }: { run: Run }) {
  const formula = scoreFormula(run.steps, run.score)
  if (formula === null) return <>–</>
  return (
    <Tooltip label={`sum(weight × probe success) / sum(weight): ${formula}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the formula must be reachable by keyboard */}
      <span className={classes.score} tabIndex={0}>
        <Score score={run.score} />
        <small>of 100</small>
      </span>
    </Tooltip>
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
