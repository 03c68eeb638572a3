import { Skeleton } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Run } from '../../../contract/index.ts'
import {
  brokenProbes,
  type Fact,
  faultStories,
  isFinal,
  stepWaits,
  type Timeline,
  timelineOf
} from '../../../domain/index.ts'
import { CardSkeleton, Failed } from '../../ui/blank.tsx'
import { Chip, PHASES, runFace } from '../../ui/chip.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { useNow } from '../../ui/when.tsx'
import { ApprovalCard } from './approval-card.tsx'
import { CauseChain } from './cause-chain.tsx'
import { InjectionCard } from './injection-card.tsx'
import { LogCard } from './log-card.tsx'
import { ProbeCard } from './probe-card.tsx'
import { useFacts, useRun } from './queries.ts'
import classes from './run.module.css'
import { RunActions } from './run-actions.tsx'
import { RunFacts } from './run-facts.tsx'
import { RunGraph } from './run-graph.tsx'
import { RunSentence } from './sentence.tsx'
import { TimelineChart } from './timeline-chart.tsx'
import { TimelineTable } from './timeline-table.tsx'

export function RunPage() {
  const { run: id } = useParams({ from: '/signed-in/p/$project/runs/$run' })
  const query = useRun(id)
  if (query.isPending) return <Loading />
  if (query.isError) {
    return (
      <Page title="Run">
        <Failed what={`Run ${id}`} error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    )
  }
  return <Loaded key={id} run={query.data} />
}

function Loaded({ run }: { run: Run }) {
  const facts = useFacts(run)
  return (
    <Page
      title={run.workflow}
      marks={<Chip face={isFinal(run.phase) ? runFace(run) : PHASES[run.phase]} note={run.reason} />}
      lead={<RunSentence run={run} />}
      actions={<RunActions run={run} />}
    >
      {facts.isError ? <Failed what="What the agent reported" error={facts.error} /> : null}
      <Story run={run} facts={facts.data?.facts ?? []} />
    </Page>
  )
}

/** Everything that follows from the facts; a chosen step narrows it down. */
function Story({ run, facts }: { run: Run; facts: readonly Fact[] }) {
  const [step, setStep] = useState<string | null>(null)
  const choose = (id: string) => setStep(id === step ? null : id)
  const now = useNow(1000)
  const stories = useMemo(() => faultStories(run.plan, facts), [run.plan, facts])
  const from = Date.parse(run.startedAt ?? run.createdAt)
  const to = isFinal(run.phase) ? lastMoment(run, facts) : now
  const shown = useMemo(() => stories.filter((story) => step === null || story.step === step), [stories, step])
  const timeline = useMemo(() => {
    const waits = stepWaits(run).filter((wait) => step === null || wait.step === step)
    return timelineOf({ faults: shown, waits }, { from, to })
  }, [run, shown, step, from, to])
  return (
    <>
      <CauseChain run={run} stories={stories} broken={brokenProbes(stories, from)} />
      <RunFacts run={run} />
      <ApprovalCard run={run} />
      <Card flush title="Steps" aside="choose a step to see only what belongs to it">
        <RunGraph run={run} stories={stories} selected={step} onSelect={choose} />
      </Card>
      {timeline.groups.length > 0 ? (
        <Card title="Timeline" aside={<Legend {...timeline} />}>
          <TimelineChart timeline={timeline} />
          <TimelineTable timeline={timeline} />
        </Card>
      ) : null}
      <div className={classes.columns}>
        <ProbeCard stories={shown} />
        <InjectionCard stories={shown} startedAt={from} />
      </div>
      <LogCard facts={facts} step={step} startedAt={from} live={!isFinal(run.phase)} />
    </>
  )
}

function lastMoment(run: Run, facts: readonly Fact[]): number {
  const last = facts.at(-1)
  return Math.max(Date.parse(run.endedAt ?? run.createdAt), last === undefined ? 0 : Date.parse(last.at))
}

function Legend({ groups }: Timeline) {
  const waits = groups.some(({ kind }) => kind === 'wait')
  const retried = groups.some((group) => group.kind === 'fault' && group.retries.length > 0)
  return (
    <span className={classes.legend}>
      <Key kind="harm">harm</Key>
      <Key kind="recovery">recovery</Key>
      <Key kind="pass">checks passed</Key>
      <Key kind="fail">check failed</Key>
      {waits ? <Key kind="wait">waits</Key> : null}
      {retried ? <Key kind="retry">tried again</Key> : null}
    </span>
  )
}

/** A sign of the legend with its word: they stay together. */
function Key({ kind, children }: { kind: string; children: string }) {
  return (
    <span>
      <i data-kind={kind} /> {children}
    </span>
  )
}

function Loading() {
  return (
    <Page title="Run">
      <Skeleton height={20} width="55%" />
      <CardSkeleton rows={1} />
      <CardSkeleton rows={3} />
      <CardSkeleton rows={4} />
    </Page>
  )
}
