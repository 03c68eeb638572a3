import { expect, test } from 'vitest'
import { stepAt, stepLines } from './step-lines.ts'

const TEXT = `spec:
  entrypoint: chaos
  templates:
    - name: chaos
      steps:
        - - name: first
            template: delete-pods
        - - name: latency
            template: latency
    - name: delete-pods
      inputs:
        artifacts:
          - name: delete-pods
    - name: latency
      suspend: {}
`
const STEPS = [
  { id: 'chaos/first', name: 'first' },
  { id: 'chaos/latency', name: 'latency' }
]

test('a step stands where its template begins, whatever the call is named', () => {
  expect([...stepLines(TEXT, STEPS)]).toEqual([
    ['chaos/first', 10],
    ['chaos/latency', 14]
  ])
})

test('a line belongs to the template around it, and to none before the first', () => {
  const lines = stepLines(TEXT, STEPS)
  expect(stepAt(lines, 13)).toBe('chaos/first')
  expect(stepAt(lines, 15)).toBe('chaos/latency')
  expect(stepAt(lines, 3)).toBeNull()
})

test('a step that the text does not name has no line', () => {
  expect(stepLines(TEXT, [{ id: 'x', name: 'gone' }]).size).toBe(0)
})
