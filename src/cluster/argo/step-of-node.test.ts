import { expect, it } from 'vitest'
import type { RunPlan } from '../../domain/index.ts'
import type { SeenNode } from './seen-workflow.ts'
import { nodeMark, stepsOfNodes } from './step-of-node.ts'

const plan = (...ids: string[]): RunPlan => ({
  workflow: 'w',
  deadlineSeconds: null,
  steps: ids.map((id) => ({ id, name: id, needs: [], action: { kind: 'delegated', what: '' } }))
})
const node = (id: string, displayName: string, more: Partial<SeenNode> = {}): SeenNode => ({
  ...{ id, displayName, type: 'Pod', phase: 'Running', message: '', template: '', boundary: 'w', children: [] },
  ...more
})
const root = node('w', 'w', { type: 'Steps', boundary: '' })

/** node id → step */
const found = (of: RunPlan, ...nodes: SeenNode[]) => Object.fromEntries(stepsOfNodes(of, nodes, 'w'))

it('a node is the step of its name within the templates that it is part of', () => {
  const inner = node('w-1', 'b', { type: 'DAG' })
  const nodes = [
    root,
    node('w-0', '[0]', { type: 'StepGroup' }),
    node('w-2', 'a'),
    inner,
    node('w-3', 'a', { boundary: 'w-1' })
  ]
  expect(found(plan('a', 'b/a'), ...nodes)).toEqual({ 'w-2': 'a', 'w-3': 'b/a' })
})

it('a workflow that is one template is one step, whatever its name', () => {
  expect(found(plan('main'), node('w', 'w', { boundary: '' }))).toEqual({ w: 'main' })
})

it('the exit handler is found, alone or with steps of its own', () => {
  const exit = node('w-9', 'w.onExit', { boundary: '' })
  expect(found(plan('a', 'onExit'), root, exit)).toEqual({ 'w-9': 'onExit' })
  const steps = [{ ...exit, type: 'Steps' }, node('w-8', 'tidy', { boundary: 'w-9' })]
  expect(found(plan('a', 'onExit/tidy'), root, ...steps)).toEqual({ 'w-8': 'onExit/tidy' })
})

it('attempts are of the step that is tried again', () => {
  const tried = node('w-1', 'a', { type: 'Retry', children: ['w-2', 'w-3'] })
  expect(found(plan('a'), root, tried, node('w-2', 'a(0)'), node('w-3', 'a(1)'))).toEqual({
    'w-1': 'a',
    'w-2': 'a',
    'w-3': 'a'
  })
})

it('rounds of a loop are found by their number, however the item is written', () => {
  const rounds = [node('w-1', 'a(0:x/y)'), node('w-2', 'a(1:k:v,l:w)')]
  expect(found(plan('a(0:x/y)', 'a(1:l:w,k:v)'), root, ...rounds)).toEqual({ 'w-1': 'a(0:x/y)', 'w-2': 'a(1:l:w,k:v)' })
})

it('a loop that nobody could write out before is one step, with all of its rounds', () => {
  const rounds = [node('w-1', 'a', { type: 'TaskGroup' }), node('w-2', 'a(0:x)'), node('w-3', 'a(1:y)')]
  expect(found(plan('a', 'b'), root, ...rounds)).toEqual({ 'w-2': 'a', 'w-3': 'a' })
})

it('what is in no step of the plan belongs to none', () => {
  expect(found(plan('a', 'b'), root, node('w-1', 'hook'))).toEqual({})
})

it('boundaries that go round in a circle come to an end', () => {
  const circle = [node('w-1', 'a', { boundary: 'w-2' }), node('w-2', 'b', { boundary: 'w-1' })]
  expect(() => found(plan('a'), ...circle)).not.toThrow()
})

it.each([
  ['hub-01-pod-delete-123', '123'],
  ['hub-01-123', '123'],
  ['alone', 'alone']
])('%s is marked by %s', (text, mark) => {
  expect(nodeMark(text)).toBe(mark)
})
