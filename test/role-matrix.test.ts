import { expect, test } from 'vitest'
import { ROLE_MATRIX } from '../src/accounts/index.ts'
import { ACTIONS } from '../src/contract/index.ts'

test('every action that the API asks for is in the role matrix, and no other', () => {
  expect(Object.keys(ROLE_MATRIX).toSorted()).toEqual([...ACTIONS].toSorted())
})
