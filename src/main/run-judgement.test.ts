import { expect, test } from 'vitest'
import { judge } from './run-judgement.ts'

const run = { phase: 'completed', verdict: 'pass', recovery: 'clean', score: 100, reason: null } as const

test.each([
  ['passed', {}, null, 0],
  ['without probes', { verdict: 'not-applicable', score: null }, null, 0],
  ['failed', { verdict: 'fail', score: 95 }, null, 1],
  ['failed, but as good as was asked for', { verdict: 'fail', score: 95 }, 95, 0],
  ['below the score', { verdict: 'fail', score: 94 }, 95, 1],
  ['without a score, where one was asked for', { verdict: 'not-applicable', score: null }, 1, 1],
  ['with harm that may still be there', { recovery: 'leaked' }, null, 1],
  ['longer than it may', { phase: 'timeout', verdict: 'error' }, null, 1],
  ['not judged', { verdict: 'error' }, null, 3],
  ['stopped', { phase: 'stopped', verdict: 'not-applicable' }, null, 3],
  ['stopped, with harm', { phase: 'stopped', recovery: 'leaked' }, 1, 1],
  ['ended by an error', { phase: 'error', verdict: 'error', reason: 'agent lost' }, null, 3],
  ['skipped', { phase: 'skipped' }, 50, 3]
] as const)('a run that is %s', (_what, change, minScore, exitCode) => {
  expect(judge({ ...run, ...change }, minScore).exitCode).toBe(exitCode)
})

test('the reason is told', () => {
  const { sentence } = judge({ ...run, phase: 'error', reason: 'agent lost' }, null)
  expect(sentence).toBe('The run ended as error: agent lost')
})
