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

test('a probe that never came to check passes nothing', async () => {
  const { result } = await judged([probe('late', 'Continuous', { initialDelayMs: 60_000 })], () => true)
  expect(result).toMatchObject({ verdict: 'error', probeSuccess: 0 })
})
