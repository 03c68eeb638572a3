import { type FaultCall, probeSuccess, type Recovery, type StepState, type Verdict } from '../domain/index.ts'
import { doHarm, type Harm } from './harm.ts'
import { clip, type Scene, tell } from './parts.ts'
import { prepare } from './preflight.ts'
import { openProbeBook, type ProbeBook } from './probe-book.ts'
import { stopReasonOf } from './run-engine.ts'

export interface StepEnd extends StepState {
  reason: string | null
  /** harm may still be there: nothing more is tried */
  leaked?: true
}

/** One fault, judged: probes before, harm with probes during it, recovery, probes after, verdict. */
export async function runFaultStep(scene: Scene, call: FaultCall): Promise<StepEnd> {
  const prepared = await prepare(scene, call)
  if (!prepared.ok) return judge(scene, call, { recovery: 'clean', trouble: prepared.reason })
  const probes = openProbeBook(scene, { namespace: call.target.namespace, probes: prepared.probes })

  await probes.evaluate('SOT')
  if (scene.signal.aborted) return judge(scene, call, { recovery: 'clean', probes })
  if (probes.anyFailed()) {
    tell(scene, 'warn', 'the fault was not injected: the system was not healthy before it')
    return judge(scene, call, { recovery: 'clean', probes })
  }
  const harm = await doHarm(scene, { call, plan: prepared.plan, probes })
  if (harm.trouble === null) await probes.evaluate('EOT')
  return judge(scene, call, { ...harm, probes, harmed: true })
}

/** How a step ends because its run was told to end. */
export function stoppedEnd(signal: AbortSignal): StepEnd {
  const { kind, text } = stopReasonOf(signal)
  const phases = { stop: 'stopped', shutdown: 'stopped', deadline: 'timeout', 'lease-lost': 'error' } as const
  return { phase: phases[kind], reason: text }
}

interface Grounds {
  recovery: Recovery
  trouble?: Harm['trouble']
  drift?: string
  probes?: ProbeBook
  /** the harm was done and recovered */
  harmed?: boolean
}

/** Tells the probes' results and the verdict as facts, and how the step ends. */
function judge(scene: Scene, call: FaultCall, grounds: Grounds): StepEnd {
  const { recovery, probes, trouble = null } = grounds
  const stopped = scene.signal.aborted
  const judged = !stopped && trouble === null
  const tally = probes?.close(judged && grounds.harmed === true) ?? NO_PROBES
  const leaked = recovery === 'leaked'
  const verdict = leaked ? 'error' : stopped ? 'not-applicable' : trouble !== null ? 'error' : verdictOfProbes(tally)
  const reasons = [trouble, tally.failures].filter(Boolean).join('; ') || said(verdict, tally.total)
  const evidence = grounds.drift === undefined ? reasons : `${reasons}; differs from before: ${grounds.drift}`
  scene.emit({
    type: 'fault-result',
    step: scene.step,
    verdict,
    probeSuccess: judged ? probeSuccess(tally.passed, tally.total) : null,
    recovery,
    weight: call.weight,
    evidence: clip(evidence)
  })
  if (leaked) return { phase: 'error', reason: trouble ?? 'the recovery could not be proved', leaked }
  if (stopped) return stoppedEnd(scene.signal)
  if (trouble !== null) return { phase: 'error', reason: trouble }
  return { phase: 'completed', reason: verdict === 'pass' ? null : evidence, failed: verdict !== 'pass' }
}

const NO_PROBES = { passed: 0, failed: 0, unknown: 0, total: 0, failures: '' }

function verdictOfProbes({ failed, unknown }: { failed: number; unknown: number }): Verdict {
  if (failed > 0) return 'fail'
  return unknown > 0 ? 'error' : 'pass'
}

function said(verdict: Verdict, probes: number): string {
  if (verdict === 'not-applicable') return 'stopped before it could be judged'
  return probes === 0 ? 'injected and recovered; no probe judged it' : `all ${probes} probes passed`
}
