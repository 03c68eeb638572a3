import type { Fact, FactTarget, InjectionStage } from './fact.ts'
import type { RunPlan } from './run-plan.ts'
import type { ProbeMode, Verdict } from './words.ts'

/** What the agent reported of a run, told by fault: pure, from the plan and the facts in order. */
export interface FaultStory {
  step: string
  name: string
  fault: string
  /** ms since 1970; null while it has not begun, or not ended */
  startedAt: number | null
  endedAt: number | null
  rounds: readonly { round: number; targets: readonly FactTarget[] }[]
  injections: readonly InjectionStory[]
  probes: readonly ProbeStory[]
}

export interface InjectionStory {
  id: string
  target: string
  stages: readonly { stage: InjectionStage; at: number; evidence: string }[]
}

export interface ProbeStory {
  step: string
  name: string
  type: string
  mode: ProbeMode
  checks: readonly ProbeCheck[]
  /** null until the probe has ended */
  result: { verdict: Verdict; checks: number; failed: number; evidence: string } | null
}

export interface ProbeCheck {
  at: number
  passed: boolean
  ms: number
  evidence: string
}

export function faultStories(plan: RunPlan, facts: readonly Fact[]): FaultStory[] {
  return plan.steps.flatMap(({ id, name, action }) => {
    if (action.kind !== 'fault') return []
    const own = facts.filter((fact) => 'step' in fact && fact.step === id)
    return [
      {
        step: id,
        name,
        fault: action.fault.fault,
        ...spanOf(own),
        rounds: own.flatMap((fact) => (fact.type === 'targets' ? [{ round: fact.round, targets: fact.targets }] : [])),
        injections: injectionsOf(own),
        probes: action.fault.probes.map((probe) => ({
          step: id,
          name: probe.name,
          type: probe.type,
          mode: probe.mode,
          checks: checksOf(own, probe.name),
          result: resultOf(own, probe.name)
        }))
      }
    ]
  })
}

function spanOf(facts: readonly Fact[]): { startedAt: number | null; endedAt: number | null } {
  const phases = facts.flatMap((fact) => (fact.type === 'step-phase' ? [fact] : []))
  const first = phases.find(({ phase }) => phase !== 'queued' && phase !== 'skipped')
  const last = phases.find(({ phase }) => ['completed', 'stopped', 'error', 'timeout'].includes(phase))
  return { startedAt: first ? Date.parse(first.at) : null, endedAt: last ? Date.parse(last.at) : null }
}

function injectionsOf(facts: readonly Fact[]): InjectionStory[] {
  const stories = new Map<string, { id: string; target: string; stages: InjectionStory['stages'][number][] }>()
  for (const fact of facts) {
    if (fact.type !== 'injection') continue
    const story = stories.get(fact.injection) ?? { id: fact.injection, target: fact.target, stages: [] }
    story.stages.push({ stage: fact.stage, at: Date.parse(fact.at), evidence: fact.evidence })
    stories.set(fact.injection, story)
  }
  return [...stories.values()]
}

function checksOf(facts: readonly Fact[], probe: string): ProbeCheck[] {
  return facts.flatMap((fact) => {
    if (fact.type !== 'probe-check' || fact.probe !== probe) return []
    return [{ at: Date.parse(fact.at), passed: fact.passed, ms: fact.ms, evidence: fact.evidence }]
  })
}

function resultOf(facts: readonly Fact[], probe: string): ProbeStory['result'] {
  const fact = facts.findLast((candidate) => candidate.type === 'probe-result' && candidate.probe === probe)
  if (fact?.type !== 'probe-result') return null
  return { verdict: fact.verdict, checks: fact.checks, failed: fact.failed, evidence: fact.evidence }
}
