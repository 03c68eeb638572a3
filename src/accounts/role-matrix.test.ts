import { expect, test } from 'vitest'
import { type Action, may, ROLE_MATRIX } from './role-matrix.ts'

const ACTIONS = Object.keys(ROLE_MATRIX) as Action[]

test('an owner may do everything, an executor edits and runs, a viewer reads', () => {
  const allowed = (role: 'owner' | 'executor' | 'viewer') => ACTIONS.filter((action) => may(role, action))
  expect(allowed('owner')).toEqual(ACTIONS)
  expect(allowed('executor')).toEqual([
    'project.read',
    'workflow.edit',
    'run.start',
    'run.stop',
    'run.approve',
    'schedule.switch'
  ])
  expect(allowed('viewer')).toEqual(['project.read'])
})

test('an action that is not known is allowed to nobody', () => {
  for (const action of ['toString', 'project.delete', '']) expect(may('owner', action)).toBe(false)
})
