import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Run } from '../../../contract/index.ts'
import {
  type BrokenProbe,
  type FaultStory,
  HOOK_SENDERS,
  isFinal,
  scoreFormula,
  workloadLabel
} from '../../../domain/index.ts'
import { pushedWords } from '../../ui/cause-words.tsx'
import { Chip, RECOVERIES, VERDICTS } from '../../ui/chip.tsx'
import { Commit } from '../../ui/copy.tsx'
import { FieldChanges } from '../../ui/field-changes.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Score } from '../../ui/score.tsx'
import { When } from '../../ui/when.tsx'
import classes from './cause-chain.module.css'

interface CauseChainProps {
  run: Run
  stories: readonly FaultStory[]
  broken: readonly BrokenProbe[]
}

/** The run in one line: what caused it, which fault did what, which probe saw it, what it scored. */
export function CauseChain({ run, stories, broken }: CauseChainProps) {
  return (
    <ol className={classes.chain} aria-label="What happened">
      <CauseLink run={run} />
      <FaultLink run={run} stories={stories} broken={broken} />
      {broken.length > 0 ? <BrokenLink broken={broken} /> : <ProbesLink run={run} stories={stories} />}
      <ScoreLink run={run} />
    </ol>
  )
}

function CauseLink({ run: { cause } }: { run: Run }) {
  if (cause.kind === 'git') {
    return (
      <ChainLink term="Cause" icon="commit" title={cause.author}>
        {pushedWords(cause)} in <Commit id={cause.commit} />
      </ChainLink>
    )
  }
  if (cause.kind === 'schedule') {
    return (
      <ChainLink term="Cause" icon="clock" title="Its schedule">
        {cause.words}, planned for <When at={cause.at} />
        {cause.madeUp ? '; made up for, as no server was running then' : null}
      </ChainLink>
    )
  }
  if (cause.kind === 'hook') {
    return (
      <ChainLink term="Cause" icon="bolt" title={`The hook ${cause.name}`}>
        {HOOK_SENDERS[cause.sender]}: {cause.subject}
      </ChainLink>
    )
  }
  if (cause.kind !== 'workload-change') {
    const token = cause.kind === 'api' && cause.token !== undefined ? ` with the token ${cause.token}` : ''
    const way = cause.kind === 'api' ? `through the API${token}` : 'by hand'
    return (
      <ChainLink term="Cause" icon={cause.kind === 'api' ? 'key' : 'user'} title={cause.user}>
        started it {way}
      </ChainLink>
    )
  }
  const { changes, workload, policy } = cause
  return (
    <ChainLink term="Cause" icon="bolt" title={workloadLabel(workload)}>
      <FieldChanges workload={workloadLabel(workload)} changes={changes} />
      {policy === undefined ? null : <span>event policy {policy}</span>}
    </ChainLink>
  )
}

/** The fault under which a probe broke; while the run goes on, the last one that began; else all. */
function FaultLink({ run, stories, broken }: CauseChainProps) {
  const begun = stories.filter(({ startedAt }) => startedAt !== null)
  const culprits = stories.filter(({ step }) => broken.some((probe) => probe.step === step))
  const shown = culprits.length > 0 ? culprits : isFinal(run.phase) ? begun : begun.slice(-1)
  if (shown.length === 0) {
    return (
      <ChainLink term="Fault" icon="target" title="None yet">
        {isFinal(run.phase) ? 'no fault began' : 'the first one is about to begin'}
      </ChainLink>
    )
  }
  return (
    <ChainLink
      term={shown.length === 1 ? 'Fault' : 'Faults'}
      icon="target"
      title={shown.map(({ name }) => name).join(', ')}
    >
      {shown.length === 1 ? shown.map((story) => hitWords(story)) : `${shown.length} faults, one after the other`}
    </ChainLink>
  )
}

function hitWords({ fault, injections }: FaultStory): string {
  const targets = [...new Set(injections.map(({ target }) => target))]
  return targets.length === 0 ? fault : `${fault} on ${targets.join(', ')}`
}

function BrokenLink({ broken }: { broken: readonly BrokenProbe[] }) {
  return (
    <li className={classes.link} data-tone="fail">
      <span className={classes.term}>Probe failed</span>
      {broken.map(({ step, probe, sentence, evidence }) => (
        <div key={`${step} ${probe}`} className={classes.broken}>
          <strong>
            <Icon name="cross" size={14} /> {probe}
          </strong>
          <span>{sentence}</span>
          <code>{evidence}</code>
        </div>
      ))}
    </li>
  )
}

function ProbesLink({ run, stories }: { run: Run; stories: readonly FaultStory[] }) {
  const probes = stories.flatMap((story) => story.probes)
  const checks = probes.reduce((sum, probe) => sum + probe.checks.length, 0)
  if (probes.length === 0) {
    return (
      <ChainLink term="Probes" icon="probe" title="None">
        nothing judges this run
      </ChainLink>
    )
  }
  const held = run.phase === 'completed' && run.verdict === 'pass'
  const names = probes.map(({ name }) => name).join(', ')
  return (
    <ChainLink
      term="Probes"
      icon={held ? 'check' : 'probe'}
      title={held ? `All ${probes.length} held` : checksText(checks)}
      tone={held ? 'pass' : undefined}
    >
      {names}
    </ChainLink>
  )
}

function checksText(checks: number): string {
  if (checks === 0) return 'No check yet'
  return checks === 1 ? '1 check, it passed' : `${checks} checks, all passed`
}

function ScoreLink({ run }: { run: Run }) {
  const formula = isFinal(run.phase) ? scoreFormula(run.steps, run.score) : null
  return (
    <li className={classes.link} data-end={true}>
      <span className={classes.term}>Score</span>
      {formula === null ? (
        <Chip face={VERDICTS[run.verdict]} />
      ) : (
        <Tooltip label={`sum(weight × probe success) / sum(weight): ${formula}`}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the formula must be reachable by keyboard */}
          <span className={classes.score} tabIndex={0}>
            <Score score={run.score} />
            <small>of 100</small>
          </span>
        </Tooltip>
      )}
      <span className={classes.recovery}>
        Recovery {run.recovery === null ? 'not yet' : <Chip face={RECOVERIES[run.recovery]} />}
      </span>
    </li>
  )
}

interface ChainLinkProps {
  term: string
  icon: IconName
  title: string
  tone?: 'pass' | undefined
  children: ReactNode
}

function ChainLink({ term, icon, title, tone, children }: ChainLinkProps) {
  return (
    <li className={classes.link} data-tone={tone}>
      <span className={classes.term}>{term}</span>
      <strong>
        <Icon name={icon} size={14} /> {title}
      </strong>
      <span>{children}</span>
    </li>
  )
}
