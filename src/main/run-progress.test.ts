import { expect, test } from 'vitest'
import type { Run } from '../contract/index.ts'
import { RunProgress } from './run-progress.ts'

const step = (phase: string, verdict = 'awaited') => ({ step: 'cart-pod-delete', phase, verdict })
const run = (phase: string, ...steps: object[]) =>
  ({ phase, steps, startedAt: new Date().toISOString(), createdAt: '2026-05-04T10:00:00Z' }) as unknown as Run

function shown(isTerminal: boolean, runs: Run[]): string {
  let text = ''
  const progress = new RunProgress({ isTerminal, write: (more) => (text += more) })
  for (const one of runs) progress.show(one)
  progress.end()
  return text
}

const STORY = [
  run('queued', step('queued')),
  run('running', step('queued')),
  run('running', step('running')),
  run('running', step('running')),
  run('completed', step('completed', 'pass'))
]

test('in a log each change is one line, and nothing is told twice', () => {
  expect(shown(false, STORY).split('\n')).toEqual([
    'run: queued',
    'run: running',
    'step cart-pod-delete: running',
    'step cart-pod-delete: completed, pass',
    'run: completed',
    ''
  ])
})

test('on a terminal the last line rewrites itself, and is gone at the end', () => {
  const text = shown(true, STORY)
  expect(text).toContain('\r\u001b[2Krunning, 0 s')
  expect(text.endsWith('run: completed\n\r\u001b[2K')).toBe(true)
})
