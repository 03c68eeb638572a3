import { expect, test } from 'vitest'
import { faultStep, probe, stage, task } from './fixtures/stage.ts'

const never = new AbortController().signal

async function judged(
  probes: ReturnType<typeof probe>[],
  see: NonNullable<Parameters<typeof stage>[0]>['see'],
  more: Parameters<typeof stage>[0] = {}
) {
  const scene = stage({ ...more, ...(see && { see }) })
  const step = faultStep('slow', { probes, tunables: { TOTAL_CHAOS_DURATION: '10' } })
  const started = scene.clock.now().getTime()
  const phase = await scene.engine.run(task([step]), { signal: never, emit: scene.emit })
  const took = scene.clock.now().getTime() - started
  return { ...scene, phase, took, result: scene.of('fault-result')[0], results: scene.of('probe-result') }
}

test('a system that is not healthy before is not harmed: verdict fail', async () => {
  const { result, of, phase } = await judged([probe('before', 'SOT'), probe('after', 'EOT')], () => false)
  expect(phase).toBe('completed')
  expect(result).toMatchObject({ verdict: 'fail', probeSuccess: 0, recovery: 'clean' })
  expect(of('injection')).toEqual([])
})

test('Continuous sees the whole fault: one failed check fails it, the first failure is kept in full', async () => {
  const { result, results, of } = await judged(
    [probe('steady', 'Continuous'), probe('after', 'EOT')],
    (name, target) => (name === 'after' ? true : target.inForce().length === 0)
  )
  expect(result).toMatchObject({ verdict: 'fail', probeSuccess: 50 })
  const steady = results.find(({ probe }) => probe === 'steady')
  expect(steady?.verdict).toBe('fail')
  expect(steady?.checks).toBeGreaterThan(5)
  expect(steady?.evidence).toMatch(/^\d+ of \d+ checks failed; the first at \d{4}-.*: not well$/)
  expect(of('probe-check').filter(({ probe }) => probe === 'steady')).toHaveLength(steady?.checks ?? 0)
})

test('each mode checks at its time', async () => {
  const seen: Record<string, boolean[]> = {}
  const modes = ['SOT', 'EOT', 'Edge', 'OnChaos'] as const
  const { result } = await judged(
    modes.map((mode) => probe(mode, mode)),
    (name, target) => {
      seen[name] = [...(seen[name] ?? []), target.inForce().length > 0]
      return true
    }
  )
  expect(result).toMatchObject({ verdict: 'pass', probeSuccess: 100 })
  expect(seen.SOT).toEqual([false])
  expect(seen.EOT).toEqual([false])
  expect(seen.Edge).toEqual([false, false])
  expect(seen.OnChaos?.at(-1)).toBe(true)
})

test('an evaluation is tried as often as attempts says, and one that never answers fails at its time-out', async () => {
  let tries = 0
  const third = await judged([probe('flaky', 'EOT', { attempts: 3, intervalMs: 100 })], () => ++tries === 3)
  expect(third.result?.verdict).toBe('pass')
  const second = await judged([probe('flaky', 'EOT', { attempts: 2, intervalMs: 100 })], () => ++tries > 99)
  expect(second.result?.verdict).toBe('fail')
  const silent = await judged([probe('silent', 'EOT')], () => new Promise(() => undefined))
  expect(silent.result).toMatchObject({ verdict: 'fail', evidence: expect.stringMatching(/took longer than/) })
})

test('stopOnFailure ends the fault early, recovered, as a failed verdict', async () => {
  const failing = probe('guard', 'Continuous', { stopOnFailure: true })
  const { result, took, target, phase } = await judged([failing], (_, { inForce }) => inForce.length > 99)
  expect(phase).toBe('completed')
  expect(result).toMatchObject({ verdict: 'fail', recovery: 'clean' })
  expect(took).toBeLessThan(9000)
  expect(target.inForce()).toEqual([])
})

test('EOT judges what is left when the fault is over', async () => {
  const { result, results } = await judged([probe('after', 'EOT')], () => false)
  expect(result).toMatchObject({ verdict: 'fail', probeSuccess: 0, recovery: 'clean' })
  expect(results).toMatchObject([{ probe: 'after', mode: 'EOT', checks: 1, failed: 1 }])
})

test('Edge compares before and after: well before, ill after is a failure; ill before prevents the harm', async () => {
  let looks = 0
  const after = await judged([probe('both', 'Edge')], () => ++looks === 1)
  expect(after.results).toMatchObject([{ mode: 'Edge', verdict: 'fail', checks: 2, failed: 1 }])
  expect(after.of('injection').at(-1)?.stage).toBe('recovered')
  const before = await judged([probe('both', 'Edge')], () => false)
  expect(before.results).toMatchObject([{ mode: 'Edge', verdict: 'fail', checks: 1, failed: 1 }])
  expect(before.of('injection')).toEqual([])
})

test('OnChaos checks only while the harm is there, again and again', async () => {
  const { result, results } = await judged([probe('during', 'OnChaos')], (_, { inForce }) => inForce.length < 99)
  expect(result).toMatchObject({ verdict: 'pass', probeSuccess: 100 })
  expect(results[0]?.checks).toBeGreaterThan(5)
  const failing = await judged([probe('during', 'OnChaos')], (_, target) => target.inForce().length === 0)
  expect(failing.results).toMatchObject([{ mode: 'OnChaos', verdict: 'fail' }])
})

test.each(['Continuous', 'OnChaos'] as const)(
  'stopOnFailure of a probe in mode %s ends the rounds: no pod is hit any more, and the next step runs',
  async (mode) => {
    const scene = stage({ replicas: 3, see: (_, target) => target.deleted.length === 0 })
    const tunables = { TOTAL_CHAOS_DURATION: '120', CHAOS_INTERVAL: '10' }
    const probes = [probe('guard', mode, { stopOnFailure: true })]
    const steps = [faultStep('kill', { fault: 'pod-delete', tunables, probes }), faultStep('next', {}, ['kill'])]
    const started = scene.clock.now().getTime()
    expect(await scene.engine.run(task(steps), { signal: never, emit: scene.emit })).toBe('completed')
    expect(scene.clock.now().getTime() - started).toBeLessThan(60_000)
    expect(scene.target.deleted).toHaveLength(1)
    expect(scene.of('fault-result')).toMatchObject([
      { step: 'kill', verdict: 'fail', recovery: 'clean' },
      { step: 'next', verdict: 'pass', recovery: 'clean' }
    ])
  }
)

test('stopOnFailure ends a fault that is only beginning: it does not wait for the proof of the effect', async () => {
  let tries = 0
  const trouble = async (call: string) => {
    if (call === 'pauseOf' && ++tries === 1) await new Promise(() => undefined)
  }
  const scene = stage({ trouble, see: () => false })
  const guard = probe('guard', 'Continuous', { stopOnFailure: true })
  const step = faultStep('pause', { fault: 'pod-pause', probes: [guard], tunables: { TOTAL_CHAOS_DURATION: '120' } })
  const started = scene.clock.now().getTime()
  expect(await scene.engine.run(task([step]), { signal: never, emit: scene.emit })).toBe('completed')
  expect(scene.clock.now().getTime() - started).toBeLessThan(20_000)
  expect(scene.of('fault-result')).toMatchObject([{ verdict: 'fail', recovery: 'clean' }])
  expect(scene.target.inForce()).toEqual([])
})

test('without stopOnFailure a failed check lets the fault go its whole way', async () => {
  const { result, took } = await judged([probe('guard', 'Continuous')], () => false)
  expect(result).toMatchObject({ verdict: 'fail' })
  expect(took).toBeGreaterThanOrEqual(9500)
})

test('a probe that never came to check passes nothing', async () => {
  const { result } = await judged([probe('late', 'Continuous', { initialDelayMs: 60_000 })], () => true)
  expect(result).toMatchObject({ verdict: 'error', probeSuccess: 0 })
})
