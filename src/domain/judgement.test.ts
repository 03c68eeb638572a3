import { expect, test } from 'vitest'
import { judge } from './judgement.ts'

const run = { phase: 'completed', verdict: 'pass', recovery: 'clean', score: 100, reason: null } as const

test.each([
  ['passed', {}, null, 'passed'],
  ['without probes', { verdict: 'not-applicable', score: null }, null, 'passed'],
  ['failed', { verdict: 'fail', score: 95 }, null, 'failed'],
  ['failed, but as good as was asked for', { verdict: 'fail', score: 95 }, 95, 'passed'],
  ['below the score', { verdict: 'fail', score: 94 }, 95, 'failed'],
  ['without a score, where one was asked for', { verdict: 'not-applicable', score: null }, 1, 'failed'],
  ['with harm that may still be there', { recovery: 'leaked' }, null, 'failed'],
  ['longer than it may', { phase: 'timeout', verdict: 'error' }, null, 'failed'],
  ['not judged', { verdict: 'error' }, null, 'not-judged'],
  ['stopped', { phase: 'stopped', verdict: 'not-applicable' }, null, 'not-judged'],
  ['stopped, with harm', { phase: 'stopped', recovery: 'leaked' }, 1, 'failed'],
  ['ended by an error', { phase: 'error', verdict: 'error', reason: 'agent lost' }, null, 'not-judged'],
  ['skipped', { phase: 'skipped' }, 50, 'not-judged'],
  ['under way', { phase: 'running', verdict: 'awaited' }, null, 'not-judged']
] as const)('a run that is %s', (_what, change, minScore, outcome) => {
  expect(judge({ ...run, ...change }, minScore).outcome).toBe(outcome)
})

test('the reason is told', () => {
  const { sentence } = judge({ ...run, phase: 'error', reason: 'agent lost' }, null)
  expect(sentence).toBe('The run ended as error: agent lost')
})
