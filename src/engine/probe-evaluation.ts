import { toAppError } from '../platform/index.ts'
import { clip, type Scene } from './parts.ts'
import type { ReadyProbe } from './preflight.ts'
import type { ProbeCheck } from './probe.ts'
import type { SeenCheck } from './probe-tally.ts'
import { pause, within } from './within.ts'

/** beyond the probe's own timeout, so that its own words come first */
const GRACE_MS = 250

/**
 * One evaluation: as many tries as `attempts` says (at least one), the first that passes decides. Tells it as a fact.
 * Null when the run was told to end meanwhile: what was seen then judges nothing.
 */
export async function evaluateProbe(scene: Scene, probe: ReadyProbe, namespace: string): Promise<SeenCheck | null> {
  const { attempts, intervalMs } = probe.spec.runProperties
  for (let left = Math.max(1, attempts); ; left--) {
    const seen = await tryOnce(scene, probe, namespace)
    if (scene.signal.aborted) return null
    if (seen.passed || left <= 1) return told(scene, probe, seen)
    await pause(scene.parts.clock, intervalMs, scene.signal)
  }
}

async function tryOnce(scene: Scene, { spec, check }: ReadyProbe, namespace: string): Promise<ProbeCheck> {
  const { clock, target } = scene.parts
  const { timeoutMs } = spec.runProperties
  const started = clock.now().getTime()
  const limit = { clock, ms: timeoutMs + GRACE_MS, signal: scene.signal, what: 'the check' }
  try {
    return await within(limit, (signal) => check({ target, namespace, timeoutMs, signal }))
  } catch (error) {
    return { passed: false, evidence: toAppError(error).message, ms: clock.now().getTime() - started }
  }
}

function told(scene: Scene, { spec }: ReadyProbe, { passed, evidence, ms }: ProbeCheck): SeenCheck {
  const text = clip(evidence, 2000)
  scene.emit({
    type: 'probe-check',
    step: scene.step,
    probe: clip(spec.name, 300),
    mode: spec.mode,
    passed,
    ms: Math.round(ms),
    evidence: text
  })
  return { passed, evidence: text, at: scene.parts.clock.now().toISOString() }
}
