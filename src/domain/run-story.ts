import type { Fact, FactTarget, InjectionStage } from './fact.ts'
import type { RunPlan } from './run-plan.ts'
import type { ProbeMode, Recovery, Verdict } from './words.ts'

/** What the agent reported of a run, told by fault: pure, from the plan and the facts in order. */
export interface FaultStory {
  step: string
  name: string
  fault: string
  /** ms since 1970; null while it has not begun, or not ended */
  startedAt: number | null
  endedAt: number | null
  /** the attempt that counts: the last one that has begun, from 1 */
  attempt: number
  /** when each attempt began, the first one first */
  attempts: readonly number[]
  /** attempts that there may be */
  mostAttempts: number
  rounds: readonly { round: number; targets: readonly FactTarget[] }[]
  /** of all attempts */
  injections: readonly InjectionStory[]
  probes: readonly ProbeStory[]
  /** how it came out; null until it has ended */
  ending: { recovery: Recovery; evidence: string } | null
}

export interface InjectionStory {
  id: string
  attempt: number
  target: string
  stages: readonly { stage: InjectionStage; at: number; evidence: string }[]
}

export interface ProbeStory {
  step: string
  name: string
  type: string
  mode: ProbeMode
  /** of the attempt that counts */
  checks: readonly ProbeCheck[]
  /** of the attempts before it */
  earlier: readonly ProbeCheck[]
  /** null until the probe has ended */
  result: { verdict: Verdict; checks: number; failed: number; evidence: string } | null
}

export interface ProbeCheck {
  attempt: number
  at: number
  passed: boolean
  ms: number
  evidence: string
}

export function faultStories(plan: RunPlan, facts: readonly Fact[]): FaultStory[] {
  return plan.steps.flatMap((step) => {
    const { id, name, action, retry } = step
    if (action.kind !== 'fault') return []
    const own = facts.filter((fact) => 'step' in fact && fact.step === id)
    const attempt = Math.max(1, ...own.map(attemptOf))
    return [
      {
        step: id,
        name,
        fault: action.fault.fault,
        ...spanOf(own),
        attempt,
        attempts: attemptsOf(own),
        mostAttempts: (retry?.limit ?? 0) + 1,
        rounds: own.flatMap((fact) => (fact.type === 'targets' ? [{ round: fact.round, targets: fact.targets }] : [])),
        injections: injectionsOf(own),
        probes: action.fault.probes.map((probe) => probeStory({ ...probe, step: id }, own, attempt)),
        ending: endingOf(own)
      }
    ]
  })
}

/** "attempt 2 of 3"; null where there is only one. */
export function attemptWords({ mostAttempts }: Pick<FaultStory, 'mostAttempts'>, attempt: number): string | null {
  return mostAttempts === 1 ? null : `attempt ${attempt} of ${mostAttempts}`
}

function attemptOf(fact: Fact): number {
  return ('attempt' in fact && fact.attempt) || 1
}

/** The first thing told of each attempt is its beginning; being left out or queued is none. */
function attemptsOf(facts: readonly Fact[]): number[] {
  const began = new Map<number, number>()
  for (const fact of facts) {
    if (fact.type === 'step-phase' && (fact.phase === 'queued' || fact.phase === 'skipped')) continue
    const attempt = attemptOf(fact)
    if (!began.has(attempt)) began.set(attempt, Date.parse(fact.at))
  }
  return [...began.values()]
}

function probeStory(
  { step, name, type, mode }: Pick<ProbeStory, 'step' | 'name' | 'type' | 'mode'>,
  facts: readonly Fact[],
  attempt: number
): ProbeStory {
  const checks = checksOf(facts, name)
  return {
    ...{ step, name, type, mode },
    checks: checks.filter((check) => check.attempt === attempt),
    earlier: checks.filter((check) => check.attempt !== attempt),
    result: resultOf(
      facts.filter((fact) => attemptOf(fact) === attempt),
      name
    )
  }
}

function spanOf(facts: readonly Fact[]): { startedAt: number | null; endedAt: number | null } {
  const phases = facts.flatMap((fact) => (fact.type === 'step-phase' ? [fact] : []))
  const first = phases.find(({ phase }) => phase !== 'queued' && phase !== 'skipped')
  const last = phases.find(({ phase }) => ['completed', 'stopped', 'error', 'timeout'].includes(phase))
  return { startedAt: first ? Date.parse(first.at) : null, endedAt: last ? Date.parse(last.at) : null }
}

function endingOf(facts: readonly Fact[]): FaultStory['ending'] {
  const fact = facts.findLast((candidate) => candidate.type === 'fault-result')
  return fact?.type === 'fault-result' ? { recovery: fact.recovery, evidence: fact.evidence } : null
}

function injectionsOf(facts: readonly Fact[]): InjectionStory[] {
  const stories = new Map<string, InjectionStory & { stages: InjectionStory['stages'][number][] }>()
  for (const fact of facts) {
    if (fact.type !== 'injection') continue
    const { injection: id, target } = fact
    const story = stories.get(id) ?? { id, attempt: attemptOf(fact), target, stages: [] }
    story.stages.push({ stage: fact.stage, at: Date.parse(fact.at), evidence: fact.evidence })
    stories.set(id, story)
  }
  return [...stories.values()]
}

function checksOf(facts: readonly Fact[], probe: string): ProbeCheck[] {
  return facts.flatMap((fact) => {
    if (fact.type !== 'probe-check' || fact.probe !== probe) return []
    const { passed, ms, evidence } = fact
    return [{ attempt: attemptOf(fact), at: Date.parse(fact.at), passed, ms, evidence }]
  })
}

function resultOf(facts: readonly Fact[], probe: string): ProbeStory['result'] {
  const fact = facts.findLast((candidate) => candidate.type === 'probe-result' && candidate.probe === probe)
  if (fact?.type !== 'probe-result') return null
  return { verdict: fact.verdict, checks: fact.checks, failed: fact.failed, evidence: fact.evidence }
}
