import type { ReportStep, Run, RunReport, RunStep } from '../../contract/index.ts'
import {
  causeSentence,
  type Fact,
  type FaultStory,
  faultStories,
  judge,
  type ProbeStory,
  scoreFormula
} from '../../domain/index.ts'

/** failed checks told of one probe; how many there were is told as well */
const FAILURES = 20

export interface ReportInput {
  project: string
  run: Run
  facts: readonly Fact[]
  /** false: there are more facts */
  complete: boolean
}

/** One run as one document. Pure. */
export function runReport({ project, run, facts, complete }: ReportInput): RunReport {
  const { plan, steps, parameters, stop, decision, ...summary } = run
  const stories = new Map(faultStories(plan, facts).map((story) => [story.step, story]))
  return {
    version: 1,
    project,
    run: summary,
    headline: `${run.workflow} ran because ${causeSentence(run.cause)}.`,
    parameters,
    formula: scoreFormula(steps, run.score),
    judgement: judge(run, null),
    seconds: secondsOf(run),
    decision: decision?.reason ?? null,
    stop,
    steps: steps.map((step) => reportStep(step, stories.get(step.step))),
    complete
  }
}

function reportStep(step: RunStep, story: FaultStory | undefined): ReportStep {
  return { ...step, seconds: secondsOf(step), fault: story === undefined ? null : reportFault(story) }
}

function reportFault(story: FaultStory): NonNullable<ReportStep['fault']> {
  const { fault, attempt, mostAttempts, rounds, injections, probes } = story
  return {
    name: fault,
    attempt,
    mostAttempts,
    targets: [...new Set(rounds.flatMap(({ targets }) => targets.map(({ name }) => name)))],
    injections: injections.map(({ attempt, target, stages }) => ({
      attempt,
      target,
      stages: stages.map(({ stage, at, evidence }) => ({ stage, at: timeOf(at), evidence }))
    })),
    probes: probes.map(reportProbe)
  }
}

function reportProbe({ name, type, mode, checks, result }: ProbeStory): NonNullable<ReportStep['fault']>['probes'][0] {
  const failures = checks.filter(({ passed }) => !passed)
  const last = failures.at(-1) ?? checks.at(-1)
  return {
    name,
    type,
    mode,
    verdict: result?.verdict ?? 'awaited',
    checks: result?.checks ?? checks.length,
    failed: result?.failed ?? failures.length,
    evidence: result?.evidence ?? last?.evidence ?? null,
    failures: failures.slice(0, FAILURES).map(({ at, evidence }) => ({ at: timeOf(at), evidence }))
  }
}

function secondsOf({ startedAt, endedAt }: Pick<RunStep, 'startedAt' | 'endedAt'>): number | null {
  if (startedAt === null || endedAt === null) return null
  return Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000)
}

function timeOf(at: number): string {
  return new Date(at).toISOString()
}
