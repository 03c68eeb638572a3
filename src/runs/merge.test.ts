import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Fact, type FactBody, isFinal, RUN_PHASES, STEP_PHASES } from '../domain/index.ts'
import { mergeFact, type RunState, type StepState } from './merge.ts'

const STEP: StepState = {
  phase: 'queued',
  verdict: 'awaited',
  recovery: null,
  weight: null,
  probeSuccess: null,
  reason: null,
  startedAt: null,
  endedAt: null
}

function run(...steps: string[]): RunState {
  return {
    phase: 'queued',
    verdict: 'awaited',
    recovery: null,
    score: null,
    reason: null,
    startedAt: null,
    endedAt: null,
    steps: new Map(steps.map((id) => [id, STEP]))
  }
}

function merge(state: RunState, ...bodies: FactBody[]): RunState {
  return bodies.reduce(
    (so, body, index) => mergeFact(so, { ...body, seq: index + 1, at: '2026-01-01T00:00:00Z' } as Fact),
    state
  )
}

function result(
  step: string,
  probeSuccess: number,
  more: Partial<Extract<FactBody, { type: 'fault-result' }>> = {}
): FactBody {
  return {
    type: 'fault-result',
    step,
    verdict: probeSuccess === 100 ? 'pass' : 'fail',
    probeSuccess,
    recovery: 'clean',
    weight: 10,
    evidence: '',
    ...more
  }
}

const DONE: FactBody = { type: 'run-phase', phase: 'completed', reason: null }

describe('merging facts into a run', () => {
  it('ends with the weighted score, the worst verdict and the worst recovery', () => {
    const ended = merge(run('a', 'b'), result('a', 100), result('b', 50, { weight: 30, recovery: 'drifted' }), DONE)
    expect(ended).toMatchObject({ phase: 'completed', score: 63, verdict: 'fail', recovery: 'drifted' })
  })

  it('has no score and no verdict without probes or faults', () => {
    expect(merge(run('pause'), DONE)).toMatchObject({ phase: 'completed', score: null, verdict: 'not-applicable' })
  })

  it('has no score where not all probes came to their end', () => {
    const stopped: FactBody = { type: 'run-phase', phase: 'stopped', reason: 'stopped by admin' }
    expect(merge(run('a', 'b'), result('a', 100)).score).toBe(100)
    expect(merge(run('a', 'b'), result('a', 100), stopped).score).toBeNull()
    const broken = result('b', 0, { verdict: 'error', probeSuccess: null })
    expect(merge(run('a', 'b'), result('a', 100), broken, DONE).score).toBeNull()
  })

  it('passes nothing that was not seen to the end', () => {
    const failed: FactBody = { type: 'run-phase', phase: 'error', reason: 'agent lost' }
    expect(merge(run('a', 'b'), result('a', 100), failed)).toMatchObject({
      phase: 'error',
      verdict: 'error',
      reason: 'agent lost'
    })
    const stopped: FactBody = { type: 'run-phase', phase: 'stopped', reason: 'stopped by admin' }
    expect(merge(run('a', 'b'), result('a', 100), stopped)).toMatchObject({
      phase: 'stopped',
      verdict: 'not-applicable'
    })
  })

  it('is stopping until it has ended, whatever was told before the stop was heard', () => {
    const phases = (['running', 'stopping', 'waiting'] as const).map(
      (phase): FactBody => ({ type: 'run-phase', phase, reason: null })
    )
    expect(merge(run('a'), ...phases).phase).toBe('stopping')
    expect(merge(run('a'), ...phases, { type: 'run-phase', phase: 'stopped', reason: null }).phase).toBe('stopped')
  })

  it('closes the steps that were left open', () => {
    const stopped: FactBody = { type: 'run-phase', phase: 'stopped', reason: null }
    const ended = merge(run('a', 'b'), { type: 'step-phase', step: 'a', phase: 'running', reason: null }, stopped)
    expect([...ended.steps.values()].map((step) => step.phase)).toEqual(['stopped', 'skipped'])
  })

  it('ignores facts of steps that it does not know', () => {
    const before = run('a')
    expect(merge(before, { type: 'step-phase', step: 'nowhere', phase: 'running', reason: null })).toBe(before)
  })

  it('never leaves a final phase, whatever comes', () => {
    const body = fc.oneof(
      fc.record({
        type: fc.constant('run-phase' as const),
        phase: fc.constantFrom(...RUN_PHASES),
        reason: fc.constant(null)
      }),
      fc.record({
        type: fc.constant('step-phase' as const),
        step: fc.constantFrom('a', 'b'),
        phase: fc.constantFrom(...STEP_PHASES),
        reason: fc.constant(null)
      }),
      fc.constantFrom(result('a', 0), result('b', 100))
    )
    fc.assert(
      fc.property(fc.array(body, { maxLength: 30 }), (bodies) => {
        let state = run('a', 'b')
        bodies.forEach((next, index) => {
          const after = mergeFact(state, { ...next, seq: index + 1, at: '2026-01-01T00:00:00Z' } as Fact)
          if (isFinal(state.phase)) expect(after).toBe(state)
          for (const [id, step] of state.steps)
            if (isFinal(step.phase)) expect(after.steps.get(id)?.phase).toBe(step.phase)
          state = after
        })
      })
    )
  })
})
