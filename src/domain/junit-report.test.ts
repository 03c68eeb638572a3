import { expect, test } from 'vitest'
import { type JunitRun, junitReport } from './junit-report.ts'

const times = { startedAt: '2026-05-04T10:00:00.250Z', endedAt: '2026-05-04T10:00:04.000Z' }
const step = (name: string, change: object) => ({
  step: name,
  phase: 'completed',
  verdict: 'pass',
  recovery: 'clean',
  reason: null,
  fault: null,
  ...times,
  ...change
})
const run = (...steps: object[]) => ({ workflow: 'cart', phase: 'completed', ...times, steps }) as JunitRun

test('a case for each step and one for the whole, counted by how they ended', () => {
  const report = junitReport(
    run(
      step('holds', {}),
      step('fails', { verdict: 'fail', reason: 'a "probe" saw <500> & more\n\u0000' }),
      step('leaks', { recovery: 'leaked' }),
      step('breaks', { phase: 'error', verdict: 'error', reason: 'no target' }),
      step('waits', { phase: 'skipped', verdict: 'not-applicable', startedAt: null, endedAt: null })
    ),
    { outcome: 'failed', sentence: 'Resilience score 60, at least 90 was asked for.' }
  )
  expect(report.split('\n')).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    '  <testsuite name="cart" tests="6" failures="3" errors="1" skipped="1" time="3.750" timestamp="2026-05-04T10:00:00">',
    '    <testcase classname="cart" name="holds" time="3.750"></testcase>',
    '    <testcase classname="cart" name="fails" time="3.750"><failure message="a &quot;probe&quot; saw &lt;500&gt; &amp; more&#10;\uFFFD"/></testcase>',
    '    <testcase classname="cart" name="leaks" time="3.750"><failure message="recovery leaked: completed, pass"/></testcase>',
    '    <testcase classname="cart" name="breaks" time="3.750"><error message="no target"/></testcase>',
    '    <testcase classname="cart" name="waits" time="0"><skipped message="skipped, not-applicable"/></testcase>',
    '    <testcase classname="cart" name="the whole run" time="3.750"><failure message="Resilience score 60, at least 90 was asked for."/></testcase>',
    '  </testsuite>',
    '</testsuites>',
    ''
  ])
})

test('a run that passed has no failure', () => {
  const report = junitReport(run(step('holds', {})), { outcome: 'passed', sentence: 'fine' })
  expect(report).toContain('tests="2" failures="0" errors="0" skipped="0"')
})

test('of a step that was tried again each injection is told with its attempt', () => {
  const injections = [
    { attempt: 1, target: 'cart-1', stages: [{ stage: 'applied' }, { stage: 'recovered' }] },
    { attempt: 2, target: 'cart-<2>', stages: [{ stage: 'applied' }] }
  ]
  const passed = { outcome: 'passed', sentence: 'fine' } as const
  expect(junitReport(run(step('holds', { fault: { mostAttempts: 3, injections } })), passed)).toContain(
    'time="3.750"><system-out>attempt 1 of 3: injection on cart-1: applied, recovered&#10;attempt 2 of 3: injection on cart-&lt;2&gt;: applied</system-out></testcase>'
  )
  const [once] = injections
  expect(junitReport(run(step('holds', { fault: { mostAttempts: 1, injections: [once] } })), passed)).not.toContain(
    'system-out'
  )
})
