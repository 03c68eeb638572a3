import { durationText, offsetText } from './duration-text.ts'
import type { FaultStory, ProbeStory } from './run-story.ts'

export interface BrokenProbe {
  step: string
  probe: string
  /** "failed 10 of 11 checks, first 0.4 s after reviews-latency took hold (+9.2 s)" */
  sentence: string
  evidence: string
}

/** What broke, and when: each probe with a failed check, in the order of their first failures. What an attempt saw that was tried again does not count. */
export function brokenProbes(faults: readonly FaultStory[], startedAt: number): BrokenProbe[] {
  return faults
    .flatMap((fault) =>
      fault.probes.map((probe) => ({ fault, probe, first: probe.checks.find(({ passed }) => !passed) }))
    )
    .flatMap(({ fault, probe, first }) => (first === undefined ? [] : [{ fault, probe, first }]))
    .toSorted((a, b) => a.first.at - b.first.at)
    .map(({ fault, probe, first }) => ({
      step: fault.step,
      probe: probe.name,
      sentence: `failed ${countText(probe)}, first ${momentText(fault, first.at)} (${offsetText(first.at - startedAt)})`,
      evidence: first.evidence
    }))
}

function countText({ checks, mode }: ProbeStory): string {
  const failed = checks.filter(({ passed }) => !passed).length
  return checks.length === 1 ? `its ${mode} check` : `${failed} of ${checks.length} checks`
}

/** Seen from the harm: before it, under it, or after its recovery. */
function momentText(fault: FaultStory, at: number): string {
  const applied = firstStage(fault, ['applied'])
  const recovered = firstStage(fault, ['recovered', 'drifted', 'leaked'])
  if (applied === null || at < applied) return `before ${fault.name} did any harm`
  if (recovered !== null && at > recovered) return `${durationText(at - recovered)} after ${fault.name} was undone`
  return `${durationText(at - applied)} after ${fault.name} took hold`
}

function firstStage(fault: FaultStory, stages: readonly string[]): number | null {
  const counting = fault.injections.filter(({ attempt }) => attempt === fault.attempt)
  const times = counting.flatMap((injection) =>
    injection.stages.flatMap(({ stage, at }) => (stages.includes(stage) ? [at] : []))
  )
  return times.length === 0 ? null : Math.min(...times)
}
