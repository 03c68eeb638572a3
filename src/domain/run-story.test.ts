import { expect, test } from 'vitest'
import { brokenProbes } from './broken-probes.ts'
import type { Fact, FactBody } from './fact.ts'
import type { RunPlan } from './run-plan.ts'
import { faultStories } from './run-story.ts'
import { timelineOf } from './run-timeline.ts'
import { stepWaits } from './step-wait.ts'

const START = Date.parse('2026-11-23T09:00:00.000Z')
const STEP = 'chaos/latency'

const PLAN: RunPlan = {
  workflow: 'checkout',
  deadlineSeconds: null,
  steps: [
    { id: 'chaos/wait', name: 'wait', needs: [], action: { kind: 'pause', seconds: 1 } },
    {
      id: STEP,
      name: 'latency',
      needs: ['chaos/wait'],
      action: {
        kind: 'fault',
        fault: {
          engine: 'latency',
          fault: 'pod-network-latency',
          target: { namespace: 'shop', kind: 'deployment', labels: { app: 'reviews' } },
          tunables: {},
          weight: 10,
          probes: [
            {
              name: 'page',
              type: 'httpProbe',
              mode: 'Continuous',
              inputs: {},
              runProperties: { timeoutMs: 1000, intervalMs: 500, attempts: 0, initialDelayMs: 0, stopOnFailure: false }
            }
          ]
        }
      }
    }
  ]
}

const RETRY = { policy: 'on-failure', backoffMs: 0, factor: 1, capMs: null, withinMs: null } as const

function facts(...told: [seconds: number, body: FactBody][]): Fact[] {
  return told.map(([seconds, body], n) => ({ seq: n + 1, at: new Date(START + seconds * 1000).toISOString(), ...body }))
}

function check(passed: boolean): FactBody {
  const evidence = passed ? 'answered 200' : 'no answer within 1 s'
  return { type: 'probe-check', step: STEP, probe: 'page', mode: 'Continuous', passed, ms: 5, evidence }
}

function stage(name: 'applied' | 'recovering' | 'recovered'): FactBody {
  return { type: 'injection', step: STEP, injection: 'i1', target: 'service/reviews', stage: name, evidence: name }
}

const TOLD = facts(
  [1, { type: 'step-phase', step: STEP, phase: 'running', reason: null }],
  [1.5, check(true)],
  [2, stage('applied')],
  [2.1, check(true)],
  [2.5, check(false)],
  [4, check(false)],
  [6, stage('recovering')],
  [7, stage('recovered')],
  [8, { type: 'step-phase', step: STEP, phase: 'completed', reason: null }]
)

test('facts are told by fault; steps without a fault are left out', () => {
  const [story, ...others] = faultStories(PLAN, TOLD)
  expect(others).toEqual([])
  expect(story).toMatchObject({ step: STEP, startedAt: START + 1000, endedAt: START + 8000 })
  expect(story?.injections[0]?.stages.map((told) => told.stage)).toEqual(['applied', 'recovering', 'recovered'])
  expect(story?.probes[0]?.checks.map((told) => told.passed)).toEqual([true, true, false, false])
})

test('of a fault that was tried again the last attempt counts, and those before it are kept apart', () => {
  const again = TOLD.map((fact) => ({
    ...('step' in fact ? { ...fact, attempt: 2 } : fact),
    seq: fact.seq + TOLD.length,
    at: new Date(Date.parse(fact.at) + 10_000).toISOString()
  })).map((fact) => {
    if (fact.type === 'probe-check') return { ...fact, passed: true }
    return fact.type === 'injection' ? { ...fact, injection: 'i2' } : fact
  })
  const plan = { ...PLAN, steps: PLAN.steps.map((step) => ({ ...step, retry: { ...RETRY, limit: 2 } })) }
  const [story] = faultStories(plan, [...TOLD.slice(0, -1), ...again])
  expect(story).toMatchObject({ attempt: 2, mostAttempts: 3, startedAt: START + 1000, endedAt: START + 18_000 })
  expect(story?.injections.map(({ id, attempt }) => [id, attempt])).toEqual([
    ['i1', 1],
    ['i2', 2]
  ])
  const [probe] = story?.probes ?? []
  expect(probe?.checks.map(({ passed }) => passed)).toEqual([true, true, true, true])
  expect(probe?.earlier.map(({ passed, attempt }) => [passed, attempt])).toEqual([
    [true, 1],
    [true, 1],
    [false, 1],
    [false, 1]
  ])
  expect(brokenProbes(story ? [story] : [], START)).toEqual([])
})

test('a broken probe says how often, and when its first failure was, seen from the harm', () => {
  const [broken] = brokenProbes(faultStories(PLAN, TOLD), START)
  expect(broken?.sentence).toBe('failed 2 of 4 checks, first 500 ms after latency took hold (+2.5 s)')
  expect(broken?.evidence).toBe('no answer within 1 s')
})

test('a failure before the harm, and one after its end, are told as such', () => {
  const before = faultStories(PLAN, facts([1, check(false)], [2, stage('applied')]))
  expect(brokenProbes(before, START)[0]?.sentence).toContain('before latency did any harm')
  const after = faultStories(PLAN, facts([1, stage('applied')], [2, stage('recovered')], [5, check(false)]))
  expect(brokenProbes(after, START)[0]?.sentence).toContain('3.0 s after latency was undone')
})

const AXIS = { from: START, to: START + 10_000 }

test('the timeline places harm, recovery and checks on one axis, passes joined and failures apart', () => {
  const { groups, ticks } = timelineOf({ faults: faultStories(PLAN, TOLD), waits: [] }, AXIS)
  const [fault] = groups
  if (fault?.kind !== 'fault') throw new Error('no fault')
  expect(fault.spans.map(({ kind, from, to }) => [kind, from, to])).toEqual([
    ['step', 0.1, 0.8],
    ['harm', 0.2, 0.6],
    ['recovery', 0.6, 0.7]
  ])
  expect(fault.probes[0]?.marks.map(({ passed, count, from }) => [passed, count, from])).toEqual([
    [true, 2, 0.15],
    [false, 1, 0.25],
    [false, 1, 0.4]
  ])
  expect(fault.retries).toEqual([])
  expect(ticks.map(({ seconds }) => seconds)).toEqual([0, 2, 4, 6, 8, 10])
})

test('a harm that was not undone yet lasts until the end of the axis', () => {
  const faults = faultStories(PLAN, TOLD.slice(0, 4))
  const [fault] = timelineOf({ faults, waits: [] }, { from: START, to: START + 5000 }).groups
  expect(fault?.kind === 'fault' && fault.spans.at(-1)).toMatchObject({ kind: 'harm', to: 1 })
})

test('waits and retries stand on the same axis, in the order in which they began', () => {
  const again = { type: 'step-phase', step: STEP, phase: 'running', reason: null, attempt: 2 } as const
  const faults = faultStories(PLAN, [...TOLD, ...facts([9, again])])
  const at = (seconds: number) => new Date(START + seconds * 1000).toISOString()
  const waits = stepWaits({
    plan: {
      steps: [
        { id: 'ask', name: 'ask', action: { kind: 'approval' } },
        { id: 'rest', name: 'rest', action: { kind: 'pause', seconds: 1 } },
        { id: 'later', name: 'later', action: { kind: 'approval' } }
      ]
    },
    steps: [
      { step: 'ask', startedAt: at(9), endedAt: null },
      { step: 'rest', startedAt: at(0), endedAt: at(1) },
      { step: 'later', startedAt: null, endedAt: null }
    ],
    approvals: [{ step: 'ask', outcome: 'approved', by: 'ana', reason: 'quiet', at: at(9.5) }]
  })
  const { groups } = timelineOf({ faults, waits }, AXIS)
  expect(groups.map(({ label }) => label)).toEqual(['rest', 'latency', 'ask'])
  expect(groups[1]).toMatchObject({ retries: [{ attempt: 2, at: 0.9 }] })
  expect(groups[2]).toMatchObject({ from: 0.9, to: 0.95, wait: { decision: 'approved by ana: quiet' } })
})
