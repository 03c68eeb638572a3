import { expect, test } from 'vitest'
import type { PlanStep, RetryRule } from '../domain/index.ts'
import { faultStep, probe, stage, task } from './fixtures/stage.ts'

const never = new AbortController().signal
const RETRY: RetryRule = { limit: 2, policy: 'on-failure', backoffMs: 1000, factor: 2, capMs: null, withinMs: null }
const pause = (id: string, more: Partial<PlanStep> = {}): PlanStep => ({
  id,
  name: id,
  needs: [],
  action: { kind: 'pause', seconds: 1 },
  ...more
})

test('a fault that failed is injected again, each time with a record of its own; the last attempt counts', async () => {
  let looks = 0
  const { engine, of, emit, journal } = stage({ see: () => ++looks > 1 })
  const step = { ...faultStep('slow', { probes: [probe('p', 'EOT')] }), retry: RETRY }
  expect(await engine.run(task([step]), { signal: never, emit })).toBe('completed')
  expect(of('fault-result').map(({ verdict, attempt }) => [verdict, attempt])).toEqual([
    ['fail', undefined],
    ['pass', 2]
  ])
  expect(new Set(of('injection').map(({ injection }) => injection)).size).toBe(2)
  expect(of('step-phase').findLast(({ phase }) => phase === 'running')).toMatchObject({
    attempt: 2,
    reason: 'attempt 2 of 3'
  })
  expect(journal.records.size).toBe(0)
})

test('attempts end with the rule, with a stop, and where harm may still be there', async () => {
  const failing = stage({ see: () => false })
  const step = { ...faultStep('slow', { probes: [probe('p', 'EOT')] }), retry: { ...RETRY, limit: 1, backoffMs: 0 } }
  await failing.engine.run(task([step]), { signal: never, emit: failing.emit })
  expect(failing.of('fault-result')).toHaveLength(2)

  const leaking = stage({
    speed: 200,
    trouble: (call) => {
      if (call === 'clearNetwork') throw new Error('stuck')
    }
  })
  await leaking.engine.run(task([{ ...faultStep('slow'), retry: RETRY }]), { signal: never, emit: leaking.emit })
  expect(leaking.of('fault-result')).toHaveLength(1)

  const stopped = stage({ see: () => false })
  const stop = new AbortController()
  const rule = { ...RETRY, backoffMs: 600_000 }
  const run = stopped.engine.run(task([{ ...step, retry: rule }]), { signal: stop.signal, emit: stopped.emit })
  await expect.poll(() => stopped.of('log').some(({ text }) => text.includes('tried again in 600 s'))).toBe(true)
  stop.abort({ kind: 'stop', text: 'enough' })
  expect(await run).toBe('stopped')
})

test('a step that takes too long ends as timeout, recovered, and may be tried again', async () => {
  const { engine, of, emit, target } = stage()
  const long = faultStep('slow', { tunables: { TOTAL_CHAOS_DURATION: '300' } })
  const step = { ...long, deadlineSeconds: 3, retry: { ...RETRY, limit: 1 } }
  expect(await engine.run(task([step]), { signal: never, emit })).toBe('timeout')
  expect(of('fault-result')).toMatchObject([{ recovery: 'clean' }, { recovery: 'clean', attempt: 2 }])
  expect(of('run-phase').at(-1)?.reason).toBe('slow: the step took longer than 3 s')
  expect(target.inForce()).toEqual([])
})

test('the exit handler runs whatever happened, also past the deadline, and asks how the run ended', async () => {
  const tells = (status: string): PlanStep =>
    pause(status, {
      exit: true,
      when: [
        {
          text: status,
          condition: {
            kind: 'compare',
            by: '==',
            left: { kind: 'text', parts: [{ told: 'run-status' }] },
            right: { kind: 'value', value: status }
          }
        }
      ]
    })
  const handler = ['Succeeded', 'Failed', 'Error'].map(tells)
  const ran = async (steps: readonly PlanStep[], deadlineSeconds: number | null = null) => {
    const { engine, of, emit } = stage({ see: () => false })
    const phase = await engine.run(task([...steps, ...handler], { deadlineSeconds }), { signal: never, emit })
    return [phase, ...of('step-phase').flatMap((fact) => (fact.phase === 'completed' ? [fact.step] : []))]
  }
  expect(await ran([pause('one')])).toEqual(['completed', 'one', 'Succeeded'])
  expect(await ran([faultStep('bad', { probes: [probe('p', 'EOT')] })])).toEqual(['completed', 'bad', 'Failed'])
  expect(await ran([faultStep('broken', { fault: 'unknown' })])).toEqual(['error', 'Error'])
  expect(await ran([pause('long', { action: { kind: 'pause', seconds: 900 } })], 2)).toEqual(['timeout', 'Failed'])
})

test('after a stop the exit handler is left out: what was harmed recovers, and nothing begins', async () => {
  const { engine, of, emit, target, clock } = stage()
  const stop = new AbortController()
  const steps = [faultStep('slow', { tunables: { TOTAL_CHAOS_DURATION: '300' } }), pause('bye', { exit: true })]
  const run = engine.run(task(steps), { signal: stop.signal, emit })
  await clock.sleep(3000)
  stop.abort({ kind: 'stop', text: 'enough' })
  expect(await run).toBe('stopped')
  expect(target.inForce()).toEqual([])
  expect(of('step-phase').filter(({ step }) => step === 'bye')).toMatchObject([{ phase: 'skipped' }])
})

test('a tolerated error does not end the run as one; what has no room waits', async () => {
  const { engine, of, emit } = stage()
  const lanes = [{ id: '', most: 1 }]
  const steps: PlanStep[] = [
    { ...faultStep('broken', { fault: 'unknown' }), tolerated: true },
    { ...faultStep('a', { tunables: { TOTAL_CHAOS_DURATION: '2' } }), lanes },
    { ...faultStep('b', { tunables: { TOTAL_CHAOS_DURATION: '2' } }), lanes }
  ]
  expect(await engine.run(task(steps), { signal: never, emit })).toBe('completed')
  const order = of('step-phase').map(({ step, phase }) => `${step} ${phase}`)
  expect(order.indexOf('b running')).toBeGreaterThan(order.indexOf('a completed'))
})

test('a step that asks a person waits, with the run, and goes on, ends or times out by what is said', async () => {
  const ask = (more: Partial<PlanStep> = {}) => pause('ask', { action: { kind: 'approval' }, ...more })
  const after = pause('after', { needs: ['ask'] })
  const said = async (outcome: 'approved' | 'rejected', steps = [ask(), after]) => {
    const { engine, of, emit } = stage()
    const approvals = { wait: async (step: string) => ({ step, outcome, by: 'ana', reason: 'quiet' }) }
    const phase = await engine.run(task(steps), { signal: never, emit, approvals })
    return { phase, runs: of('run-phase').map((fact) => fact.phase), last: of('run-phase').at(-1)?.reason }
  }
  expect(await said('approved')).toEqual({
    phase: 'completed',
    runs: ['running', 'waiting', 'running', 'completed'],
    last: null
  })
  expect(await said('rejected')).toMatchObject({ phase: 'stopped', last: 'ask: rejected by ana: quiet' })
  const nobody = stage()
  const run = nobody.engine.run(task([ask({ deadlineSeconds: 2 })]), { signal: never, emit: nobody.emit })
  expect(await run).toBe('timeout')
})
