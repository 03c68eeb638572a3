import { type FactBody, type FaultCall, probeSuccess, type Recovery, type Verdict } from '../../domain/index.ts'
import { engineIsOver, isJudged, type SeenEngine, type SeenProbe, type SeenResult } from './seen-chaos.ts'

/** What is known of the fault of one step. */
export interface FaultSeen {
  call: FaultCall
  /** its ChaosEngines that are there, the latest last */
  engines: readonly SeenEngine[]
  /** the ChaosResult of the latest one that there was */
  result: SeenResult | undefined
  /** how many ChaosEngines it ever had */
  known: number
  /** the run was told to end */
  ending: boolean
  /** nothing more is waited for */
  late: boolean
}

export interface FaultEnd {
  verdict: Verdict
  recovery: Recovery
  probeSuccess: number | null
  evidence: string
  probes: readonly SeenProbe[]
}

/** How the fault ended, by what Litmus says of it; null = it has not. Pure. */
export function judgeFault(seen: FaultSeen): FaultEnd | null {
  const { engines, result, known, ending, late } = seen
  const active = engines.find((engine) => !engineIsOver(engine))
  const judged = result !== undefined && isJudged(result)
  if (!late && (active !== undefined || !(judged || (ending && result === undefined)))) return null
  const recovery = recoveryOf(seen, active)
  if (recovery.kind === 'leaked')
    return {
      verdict: 'error',
      recovery: 'leaked',
      probeSuccess: null,
      evidence: recovery.why,
      probes: probesOf(result)
    }
  const end = { recovery: 'clean' as const, probeSuccess: null, probes: probesOf(result) }
  if (ending) return { ...end, verdict: 'not-applicable', evidence: 'stopped before it could be judged' }
  if (known === 0) return { ...end, verdict: 'error', evidence: NO_ENGINE }
  if (result === undefined) return { ...end, verdict: 'error', evidence: NO_RESULT }
  return { ...end, ...verdictOf(result, seen.call) }
}

const NO_ENGINE =
  'the step ended, and no ChaosEngine of it was seen: did it apply the artifact, and where the agent may look?'
const NO_RESULT =
  'its ChaosEngine has no ChaosResult: is Litmus’ chaos-operator running, and is the fault (ChaosExperiment) installed?'

function recoveryOf(
  { result, known }: FaultSeen,
  active: SeenEngine | undefined
): { kind: 'clean' } | { kind: 'leaked'; why: string } {
  if (active !== undefined)
    return {
      kind: 'leaked',
      why: `ChaosEngine ${active.namespace}/${active.name} did not end: harm may still be there`
    }
  const left = result?.targets.filter(({ status }) => status === 'injected') ?? []
  if (left.length > 0)
    return { kind: 'leaked', why: `not reverted: ${left.map(({ kind, name }) => `${kind} ${name}`).join(', ')}` }
  if (result !== undefined && !isJudged(result) && known > 0)
    return {
      kind: 'leaked',
      why: 'the ChaosEngine was gone before its fault had ended: whether it was reverted is not known'
    }
  return { kind: 'clean' }
}

function verdictOf(
  result: SeenResult,
  call: FaultCall
): { verdict: Verdict; probeSuccess: number | null; evidence: string } {
  const failed = result.probes.filter(({ verdict }) => verdict !== 'Passed')
  const why = [
    result.reason,
    ...failed.map(({ name, verdict, description }) => `probe ${name}: ${description || verdict}`)
  ]
  const evidence = why.filter(Boolean).join('; ') || `Litmus says ${result.verdict}`
  switch (result.verdict) {
    case 'Pass':
      return { verdict: 'pass', probeSuccess: successOf(result, call), evidence: passedText(result) }
    case 'Fail':
      return { verdict: 'fail', probeSuccess: successOf(result, call), evidence }
    case 'Stopped':
      return { verdict: 'error', probeSuccess: null, evidence: 'the ChaosEngine was stopped, and not from here' }
    default:
      return { verdict: 'error', probeSuccess: null, evidence }
  }
}

/** By its probes; releases of Litmus that list none say a percentage. */
function successOf({ probes, probeSuccess: said }: SeenResult, call: FaultCall): number | null {
  const passed = probes.filter(({ verdict }) => verdict === 'Passed').length
  if (probes.length > 0 || call.probes.length === 0) return probeSuccess(passed, probes.length)
  const percentage = Number(said)
  return said !== '' && percentage >= 0 && percentage <= 100 ? percentage : null
}

function passedText({ probes }: SeenResult): string {
  return probes.length === 0 ? 'injected and recovered; no probe judged it' : `all ${probes.length} probes passed`
}

function probesOf(result: SeenResult | undefined): readonly SeenProbe[] {
  return result?.probes ?? []
}

/** Litmus tells the word of each probe, not its checks: it is told as one check, if it came to a word. */
function factsOfProbe(step: string, { name, mode, verdict, description }: SeenProbe): FactBody[] {
  const said = verdict === 'Passed' ? 'pass' : verdict === 'Failed' ? 'fail' : 'not-applicable'
  const checks = said === 'not-applicable' ? 0 : 1
  const probe = {
    ...{ step, probe: name.slice(0, 300), evidence: description || verdict },
    mode: MODES.find((known) => known === mode) ?? 'SOT'
  } as const
  const check: FactBody = { type: 'probe-check', ...probe, passed: said === 'pass', ms: 0 }
  const result: FactBody = { type: 'probe-result', ...probe, verdict: said, checks, failed: said === 'fail' ? 1 : 0 }
  return checks === 0 ? [result] : [check, result]
}

const LONGEST_EVIDENCE = 2000
const MODES = ['SOT', 'EOT', 'Edge', 'Continuous', 'OnChaos'] as const

/** The end of a fault as facts: each probe, then the fault. */
export function factsOfEnd(step: string, call: FaultCall, end: FaultEnd): FactBody[] {
  const probes = end.probes.flatMap((probe) => factsOfProbe(step, probe))
  const { verdict, recovery, probeSuccess } = end
  const { weight } = call
  const evidence = end.evidence.slice(0, LONGEST_EVIDENCE)
  return [...probes, { type: 'fault-result', step, verdict, probeSuccess, recovery, weight, evidence }]
}
