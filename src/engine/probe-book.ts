import type { ProbeMode, Verdict } from '../domain/index.ts'
import { clip, type Scene } from './parts.ts'
import type { ReadyProbe } from './preflight.ts'
import { evaluateProbe } from './probe-evaluation.ts'
import { counted, emptyTally, type ProbeTally, verdictOf } from './probe-tally.ts'
import { pause } from './within.ts'

const SHORTEST_INTERVAL_MS = 100

export interface ProbeBookOptions {
  namespace: string
  probes: readonly ReadyProbe[]
}

/** The probes of one fault: when they check, what was seen, what it comes to. */
export interface ProbeBook {
  /** aborts when a failed probe asks that the fault ends */
  readonly wantsEnd: AbortSignal
  /** one evaluation of the probes of this moment; Edge belongs to both */
  evaluate(moment: 'SOT' | 'EOT'): Promise<void>
  /** checks at once and then at each interval, until ended */
  watch(mode: 'Continuous' | 'OnChaos'): { end(): Promise<void> }
  anyFailed(): boolean
  /** tells the results as facts; `wholeWay`: the harm was done and recovered as planned */
  close(wholeWay: boolean): { passed: number; failed: number; unknown: number; total: number; failures: string }
}

export function openProbeBook(scene: Scene, options: ProbeBookOptions): ProbeBook {
  const wanted = new AbortController()
  const entries = options.probes.map((probe) => ({ probe, tally: emptyTally() }))
  const check = async (entry: Entry) => {
    const seen = await evaluateProbe(scene, entry.probe, options.namespace)
    if (seen === null) return
    entry.tally = counted(entry.tally, seen)
    if (!seen.passed && entry.probe.spec.runProperties.stopOnFailure) wanted.abort()
  }
  const of = (modes: readonly ProbeMode[]) => entries.filter(({ probe }) => modes.includes(probe.spec.mode))
  return {
    wantsEnd: wanted.signal,
    evaluate: async (moment) => {
      await Promise.all(
        of([moment, 'Edge']).map(async (entry) => {
          await pause(scene.parts.clock, entry.probe.spec.runProperties.initialDelayMs, scene.signal)
          await check(entry)
        })
      )
    },
    watch: (mode) => watchAll(scene, of([mode]), check),
    anyFailed: () => entries.some(({ tally }) => tally.failed > 0),
    close: (wholeWay) => closeBook(scene, entries, wholeWay)
  }
}

interface Entry {
  probe: ReadyProbe
  tally: ProbeTally
}

function watchAll(scene: Scene, entries: readonly Entry[], check: (entry: Entry) => Promise<void>) {
  const ended = new AbortController()
  const signal = AbortSignal.any([ended.signal, scene.signal])
  const loops = entries.map(async (entry) => {
    const { intervalMs, initialDelayMs } = entry.probe.spec.runProperties
    if (initialDelayMs > 0) await pause(scene.parts.clock, initialDelayMs, signal)
    while (!signal.aborted) {
      await check(entry)
      await pause(scene.parts.clock, Math.max(SHORTEST_INTERVAL_MS, intervalMs), signal)
    }
  })
  return {
    end: async () => {
      ended.abort()
      await Promise.all(loops)
    }
  }
}

function closeBook(scene: Scene, entries: readonly Entry[], wholeWay: boolean) {
  const verdicts: Verdict[] = []
  const failures: string[] = []
  for (const { probe, tally } of entries) {
    const { name, mode } = probe.spec
    const { verdict, evidence } = verdictOf(tally, mode, wholeWay)
    verdicts.push(verdict)
    if (verdict === 'fail' || verdict === 'error') failures.push(`probe ${name}: ${evidence}`)
    const { checks, failed } = tally
    const result = { step: scene.step, probe: clip(name, 300), mode, verdict, checks, failed, evidence: clip(evidence) }
    scene.emit({ type: 'probe-result', ...result })
  }
  const count = (wanted: Verdict) => verdicts.filter((verdict) => verdict === wanted).length
  return {
    passed: count('pass'),
    failed: count('fail'),
    unknown: count('error'),
    total: verdicts.length,
    failures: failures.join('; ')
  }
}
