import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PlanStep, RunPlan } from './run-plan.ts'
import { nextMoves } from './step-machine.ts'
import { finalRunPhase, type StepState } from './step-status.ts'
import { isFinal } from './words.ts'

const ENDS: StepState[] = [
  { phase: 'completed' },
  { phase: 'completed', failed: true },
  { phase: 'error', reason: 'broken' },
  { phase: 'timeout' },
  { phase: 'stopped' }
]
const FAULT = {
  engine: '',
  fault: '',
  target: { namespace: '', kind: '', labels: {} },
  tunables: {},
  probes: [],
  weight: 1
}

const plans = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(30), { maxLength: 3 }),
      rule: fc.constantFrom('plain', 'failed', 'not', 'never', 'exit', 'lane'),
      end: fc.constantFrom(...ENDS)
    }),
    { minLength: 1, maxLength: 20 }
  )
  .map((rows) => {
    const firstExit = rows.findIndex(({ rule }) => rule === 'exit')
    const steps = rows.map(({ needs, rule }, index): PlanStep => {
      const exit = firstExit !== -1 && index >= firstExit
      const from = exit ? firstExit : 0
      const of = index === from ? [] : [...new Set(needs.map((need) => `s${from + (need % (index - from))}`))]
      const failed = { kind: 'ended', of, as: ['Failed'] } as const
      return {
        id: `s${index}`,
        name: `s${index}`,
        needs: of,
        ...(rule === 'failed' && { after: failed }),
        ...(rule === 'not' && { after: { kind: 'not', of: failed } }),
        ...(rule === 'never' && { when: [{ text: 'false', condition: { kind: 'value', value: false } }] }),
        ...(exit && { exit: true }),
        ...(rule === 'lane' && { lanes: [{ id: '', most: 2 }] }),
        action: rule === 'lane' ? { kind: 'fault', fault: FAULT } : { kind: 'pause', seconds: 1 }
      }
    })
    return { plan: { workflow: 'w', steps, deadlineSeconds: null }, ends: rows.map(({ end }) => end) }
  })

test('every step ends once: begun after what it needs, the exit handler last, lanes never overfull', () => {
  fc.assert(
    fc.property(
      plans,
      fc.array(fc.nat(100), { minLength: 1, maxLength: 40 }),
      fc.option(fc.nat(20)),
      ({ plan, ends }, choices, stopAt) => {
        const states = play(plan, ends, { choices, stopAt })
        expect(plan.steps.every(({ id }) => isFinal(states[id]?.phase ?? 'queued'))).toBe(true)
        expect(isFinal(finalRunPhase(plan, states))).toBe(true)
      }
    )
  )
})

/** Plays a plan to its end: of those under way any one ends next. Throws what must never be. */
function play(
  plan: RunPlan,
  ends: readonly StepState[],
  { choices, stopAt }: { choices: readonly number[]; stopAt: number | null }
): Record<string, StepState> {
  const states: Record<string, StepState> = {}
  for (let turn = 0; turn < 200; turn++) {
    const stopping = stopAt !== null && turn >= stopAt
    const { start, skip, done } = nextMoves(plan, states, stopping ? 'everything' : 'none')
    if (done) return states
    if (stopping) expect(start).toEqual([])
    for (const { step, omitted } of skip) states[step.id] = { phase: 'skipped', omitted }
    for (const step of start) {
      expect(step.needs.every((id) => isFinal(states[id]?.phase ?? 'queued'))).toBe(true)
      if (step.exit)
        expect(plan.steps.every(({ id, exit }) => exit || isFinal(states[id]?.phase ?? 'queued'))).toBe(true)
      states[step.id] = { phase: 'running' }
    }
    const underWay = plan.steps.filter(({ id }) => states[id]?.phase === 'running')
    expect(underWay.filter(({ lanes }) => lanes !== undefined).length).toBeLessThanOrEqual(2)
    const next = underWay[(choices[turn % choices.length] ?? 0) % Math.max(1, underWay.length)]
    if (next !== undefined) states[next.id] = ends[plan.steps.indexOf(next)] ?? { phase: 'completed' }
    else expect(skip.length).toBeGreaterThan(0)
  }
  throw new Error('it does not come to its end')
}

test('what the steps before it did decides: an error omits, a failed probe does not, depends asks for either', () => {
  const pause = { kind: 'pause', seconds: 1 } as const
  const after = (as: 'Failed' | 'Succeeded') => ({ kind: 'ended', of: ['a'], as: [as] }) as const
  const steps: PlanStep[] = [
    { id: 'a', name: 'a', needs: [], action: pause },
    { id: 'plain', name: 'plain', needs: ['a'], action: pause },
    { id: 'mend', name: 'mend', needs: ['a'], after: after('Failed'), action: pause },
    { id: 'go', name: 'go', needs: ['a'], after: after('Succeeded'), action: pause }
  ]
  const plan: RunPlan = { workflow: 'w', steps, deadlineSeconds: null }
  const started = (end: StepState) => nextMoves(plan, { a: end }).start.map(({ id }) => id)
  expect(started({ phase: 'completed' })).toEqual(['plain', 'go'])
  expect(started({ phase: 'completed', failed: true })).toEqual(['plain', 'mend'])
  expect(started({ phase: 'error' })).toEqual(['mend'])
  expect(nextMoves(plan, { a: { phase: 'error' } }).skip).toMatchObject([
    { step: { id: 'plain' }, omitted: true, reason: 'not reached: a was an error' },
    { step: { id: 'go' }, omitted: true }
  ])
})
