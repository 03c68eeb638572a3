import { Skeleton } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense } from 'react'
import type { ReportProbe, ReportStep, RunReport } from '../../../contract/index.ts'
import { durationText } from '../../../domain/index.ts'
import { useProject } from '../../frame/current.ts'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, RECOVERIES, runFace, VERDICTS } from '../../ui/chip.tsx'
import { Commit } from '../../ui/copy.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { Score } from '../../ui/score.tsx'
import { When } from '../../ui/when.tsx'
import { type Compared, useCompared, useTexts } from './queries.ts'
import { type StepPair, stepPairs } from './step-pairs.ts'

const TextDiff = lazy(() => import('../editor/text-diff.tsx').then((part) => ({ default: part.TextDiff })))

export function ComparePage() {
  const { a, b } = useSearch({ from: '/signed-in/p/$project/runs/compare' })
  if (b === undefined) {
    return (
      <Page title="Compare two runs">
        <Card flush>
          <Empty title="Choose two runs">Tick two in the list of runs, or press Compare on the page of one.</Empty>
        </Card>
      </Page>
    )
  }
  return <Comparison first={a} second={b} />
}

function Comparison({ first, second }: { first: string | undefined; second: string }) {
  const query = useCompared(first, second)
  return (
    <Page title="Compare two runs" lead={query.data ? <Lead {...query.data} /> : null}>
      {query.isPending ? <ListSkeleton /> : null}
      {query.isError ? <Failed what="One of the two" error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data === null ? (
        <Card flush>
          <Empty title="There is no run before this one">It is the first of its workflow that is still kept.</Empty>
        </Card>
      ) : null}
      {query.data ? <Both compared={query.data} /> : null}
    </Page>
  )
}

/** What became of the score, in words. */
function Lead({ a, b }: Compared) {
  const [before, after] = [a.run.score, b.run.score]
  if (before === null || after === null) return <>One of the two has no score.</>
  if (before === after) return <>Both scored {after}.</>
  return (
    <>
      The score {after > before ? 'rose' : 'fell'} from {before} to {after}.
    </>
  )
}

function Both({ compared }: { compared: Compared }) {
  return (
    <>
      <ResultsCard compared={compared} />
      <StepsCard compared={compared} />
      <Card title="Text that ran">
        <Texts compared={compared} />
      </Card>
    </>
  )
}

function ResultsCard({ compared }: { compared: Compared }) {
  const { a, b } = compared
  return (
    <Card flush title="Results">
      <table className={list.list}>
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">What</span>
            </th>
            <th>
              <RunLink report={a} name="First" />
            </th>
            <th>
              <RunLink report={b} name="Second" />
            </th>
          </tr>
        </thead>
        <tbody>
          <Row name="Result" {...both(compared, ({ run }) => <Chip face={runFace(run)} note={run.reason} />)} />
          <Row
            name="Score"
            {...both(compared, ({ run }) => (run.score === null ? '–' : <Score score={run.score} />))}
          />
          <Row
            name="Recovery"
            {...both(compared, ({ run }) => (run.recovery === null ? '–' : <Chip face={RECOVERIES[run.recovery]} />))}
          />
          <Row name="Took" {...both(compared, ({ seconds }) => secondsText(seconds))} />
          <Row name="Because" {...both(compared, ({ headline }) => headline)} />
          <Row name="Revision" {...both(compared, ({ run }) => <Revision run={run} />)} />
          <Row name="Infrastructure" {...both(compared, ({ run }) => run.infrastructure.name)} />
          <Row name="Started" {...both(compared, ({ run }) => <When at={run.startedAt ?? run.createdAt} />)} />
          <Row name="Parameters" {...both(compared, ({ parameters }) => parametersText(parameters))} />
        </tbody>
      </table>
    </Card>
  )
}

function StepsCard({ compared: { a, b } }: { compared: Compared }) {
  return (
    <Card flush title="Steps and probes">
      <table className={list.list}>
        <thead>
          <tr>
            <th>Step</th>
            <th>First</th>
            <th>Second</th>
          </tr>
        </thead>
        {stepPairs(a, b).map((pair) => (
          <StepRows key={pair.key} pair={pair} />
        ))}
      </table>
    </Card>
  )
}

function both({ a, b }: Compared, view: (report: RunReport) => ReactNode): { a: ReactNode; b: ReactNode } {
  return { a: view(a), b: view(b) }
}

function Row({ name, a, b }: { name: string; a: ReactNode; b: ReactNode }) {
  return (
    <tr>
      <td className={list.name}>{name}</td>
      <td data-label="First">{a}</td>
      <td data-label="Second">{b}</td>
    </tr>
  )
}

function RunLink({ report: { run }, name }: { report: RunReport; name: string }) {
  const project = useProject()
  return (
    <Link to="/p/$project/runs/$run" params={{ project, run: run.id }}>
      {name}: {run.workflow}
    </Link>
  )
}

function Revision({ run: { revision, commit } }: Pick<RunReport, 'run'>) {
  return (
    <span className={list.inline}>
      {revision}
      {commit === null ? null : <Commit id={commit} />}
    </span>
  )
}

function StepRows({ pair: { key, a, b, probes } }: { pair: StepPair }) {
  return (
    <tbody>
      <Row name={key} a={<StepCell step={a} />} b={<StepCell step={b} />} />
      {probes.map((probe) => (
        <tr key={probe.key}>
          <td className={list.sub}>{probe.key}</td>
          <td data-label="First">
            <ProbeCell probe={probe.a} />
          </td>
          <td data-label="Second">
            <ProbeCell probe={probe.b} />
          </td>
        </tr>
      ))}
    </tbody>
  )
}

function StepCell({ step }: { step: ReportStep | null }) {
  if (step === null) return <span className={list.sub}>not in this run</span>
  return (
    <span className={list.inline}>
      <Chip face={runFace(step)} note={step.reason} />
      <span className={list.sub}>
        {step.probeSuccess === null ? '' : `${Math.round(step.probeSuccess)} %, `}
        {secondsText(step.seconds)}
      </span>
    </span>
  )
}

function ProbeCell({ probe }: { probe: ReportProbe | null }) {
  if (probe === null) return <span className={list.sub}>not in this run</span>
  return (
    <span className={list.inline}>
      <Chip face={VERDICTS[probe.verdict]} />
      <span className={list.sub}>
        {probe.checks - probe.failed} of {probe.checks} passed{probe.failed > 0 ? `: ${probe.evidence}` : ''}
      </span>
    </span>
  )
}

function Texts({ compared }: { compared: Compared }) {
  const { a, b } = compared
  const same = a.run.workflow === b.run.workflow && a.run.revision === b.run.revision
  return same ? <p>Both ran revision {a.run.revision}.</p> : <ChangedTexts compared={compared} />
}

function ChangedTexts({ compared }: { compared: Compared }) {
  const texts = useTexts(compared)
  if (texts.isPending) return <Skeleton height={200} />
  if (texts.isError) return <Failed what="One of the two texts" error={texts.error} />
  if (texts.data.before === texts.data.after) return <p>Both ran the same text.</p>
  return (
    <Suspense fallback={<Skeleton height={200} />}>
      <TextDiff {...texts.data} label="What the second run's text changed" />
    </Suspense>
  )
}

function secondsText(seconds: number | null): string {
  return seconds === null ? '–' : durationText(seconds * 1000)
}

function parametersText(parameters: Record<string, string>): string {
  const given = Object.entries(parameters)
  return given.length === 0 ? '–' : given.map(([name, value]) => `${name} = ${value}`).join(', ')
}
