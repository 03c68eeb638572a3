import { expect, test } from 'vitest'
import type { Run } from '../../contract/index.ts'
import { type Fact, type FactBody, faultStories, type RunPlan, stepWaits, timelineOf } from '../../domain/index.ts'
import { htmlReport } from './html-report.ts'
import { runReport } from './run-report.ts'

/** Each would run, load or break out if it were not taken for text. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  '</style></title></textarea><svg onload=alert(1)>',
  '&lt;b&gt; {{7*7}}',
  'javascript:alert(1)//',
  '\u202Egpj.exe\u2066\u0000\u0007',
  '<!-- ]]> <base href=//evil.example> <meta http-equiv=refresh content=0>'
]
const DECEITFUL = ['\u0000', '\u0007', '\u202E', '\u2066']
const START = Date.parse('2026-05-04T10:00:00Z')

test.each(HOSTILE)('whatever a name or an output says is text: %j', (hostile) => {
  const document = reportOf(hostile)
  expect(markupOf(document)).toEqual(markupOf(reportOf('harmless')))
  expect(DECEITFUL.filter((character) => document.includes(character))).toEqual([])
})

test('it says what was, and why', () => {
  const document = reportOf('cart')
  for (const words of [
    'cart ran because',
    'Resilience score',
    '(10 × 50 %) / 10 = 50',
    'status 500',
    '+3.0 s',
    'Parameter cart'
  ])
    expect(document).toContain(words)
})

test('nothing but its own style may be used, by the policy that it carries', () => {
  const document = reportOf('cart')
  expect(document).toMatch(
    /<meta http-equiv="content-security-policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/
  )
  expect(document.match(/<style>/g)).toHaveLength(1)
})

test('an injection is told with its attempt where its step may be tried again', () => {
  const { run, facts } = told('cart')
  const [step] = run.plan.steps
  if (step === undefined) throw new Error('the plan has no step')
  const retry = { limit: 2, policy: 'always', backoffMs: 0, factor: 1, capMs: null, withinMs: null } as const
  const tried: Run = { ...run, plan: { ...run.plan, steps: [{ ...step, retry }] } }
  const again = facts.map((fact): Fact => ({ ...fact, seq: 100 + fact.seq, ...('step' in fact && { attempt: 2 }) }))
  const all = [...facts, ...again.map((fact) => (fact.type === 'injection' ? { ...fact, injection: '2' } : fact))]
  const report = runReport({ project: 'shop', run: tried, facts: all, complete: true })
  expect(report.steps[0]?.fault).toMatchObject({
    attempt: 2,
    mostAttempts: 3,
    injections: [{ attempt: 1 }, { attempt: 2 }]
  })
  const timeline = timelineOf({ faults: [], waits: [] }, { from: START, to: START + 8000 })
  const document = htmlReport({ report, timeline, url: 'http://127.0.0.1/', madeAt: new Date(START) })
  expect(document).toContain('what counts is attempt 2 of 3')
  expect(document).toContain('Injection on <strong>cart</strong>, attempt 1 of 3')
  expect(reportOf('cart')).not.toContain('attempt')
})

test('a run under way has a report too', () => {
  const { run, facts } = told('cart')
  const begun: Run = { ...run, phase: 'running', verdict: 'awaited', score: null, endedAt: null }
  const report = runReport({ project: 'shop', run: begun, facts: facts.slice(0, 2), complete: true })
  expect(report).toMatchObject({ seconds: null, formula: null, judgement: { outcome: 'not-judged' } })
})

test('of a probe that failed without end the first failures are told, and how many there were', () => {
  const { run, facts } = told('cart')
  const checks = Array.from({ length: 500 }, (_, index): Fact => ({ ...failing('cart'), seq: 100 + index, at: at(5) }))
  const report = runReport({ project: 'shop', run, facts: [...facts, ...checks], complete: false })
  expect(report.steps[0]?.fault?.probes[0]?.failures).toHaveLength(20)
  expect(report).toMatchObject({ complete: false })
})

/** Every tag with the names of its attributes, as a browser would take it. */
function markupOf(document: string): string[] {
  return [...document.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replaceAll(/="[^"]*"/g, ''))
}

function reportOf(word: string): string {
  const { run, facts } = told(word)
  const report = runReport({ project: word, run, facts, complete: false })
  const timeline = timelineOf(
    { faults: faultStories(run.plan, facts), waits: stepWaits(run) },
    { from: START, to: START + 8000 }
  )
  return htmlReport({ report, timeline, url: 'http://127.0.0.1/p/shop/runs/r1', madeAt: new Date(START) })
}

const at = (seconds: number) => new Date(START + seconds * 1000).toISOString()

function failing(word: string): Extract<FactBody, { type: 'probe-check' }> {
  return {
    type: 'probe-check',
    step: word,
    probe: word,
    mode: 'Continuous',
    passed: false,
    ms: 3,
    evidence: `status 500 ${word}`
  }
}

/** A run in which every text that comes from outside is this word. */
function told(word: string): { run: Run; facts: Fact[] } {
  const target = { namespace: word, kind: word, labels: {} }
  const probe = {
    name: word,
    type: word,
    mode: 'Continuous' as const,
    runProperties: { timeoutMs: 1, intervalMs: 1, attempts: 1, initialDelayMs: 0, stopOnFailure: false },
    inputs: {}
  }
  const plan: RunPlan = {
    workflow: word,
    deadlineSeconds: null,
    steps: [
      {
        id: word,
        name: word,
        needs: [],
        action: {
          kind: 'fault',
          fault: { engine: word, fault: word, target, tunables: {}, probes: [probe], weight: 10 }
        }
      }
    ]
  }
  const bodies: FactBody[] = [
    { type: 'step-phase', step: word, phase: 'running', reason: null },
    { type: 'targets', step: word, round: 1, targets: [{ name: word, uid: word }] },
    { type: 'injection', step: word, injection: '1', target: word, stage: 'applied', evidence: word },
    failing(word),
    { type: 'injection', step: word, injection: '1', target: word, stage: 'recovered', evidence: word },
    {
      type: 'probe-result',
      step: word,
      probe: word,
      mode: 'Continuous',
      verdict: 'fail',
      checks: 2,
      failed: 1,
      evidence: word
    },
    { type: 'step-phase', step: word, phase: 'completed', reason: word }
  ]
  const run: Run = {
    id: 'r1',
    workflow: word,
    revision: 1,
    commit: word,
    infrastructure: { id: 'i', name: word },
    cause: { kind: 'api', user: word, token: word },
    phase: 'completed',
    verdict: 'fail',
    recovery: 'clean',
    score: 50,
    reason: word,
    createdAt: at(0),
    startedAt: at(0),
    endedAt: at(8),
    plan,
    parameters: { [word]: word },
    steps: [
      {
        step: word,
        name: word,
        phase: 'completed',
        verdict: 'fail',
        recovery: 'clean',
        weight: 10,
        probeSuccess: 50,
        reason: word,
        startedAt: at(0),
        endedAt: at(6)
      }
    ],
    stop: { askedBy: word, reason: word, askedAt: at(1) },
    approvals: [],
    decision: { id: 'd', reason: word }
  }
  return { run, facts: bodies.map((body, index): Fact => ({ ...body, seq: index + 1, at: at(index) })) }
}
