import { expect, test } from 'vitest'
import { actionWord, countWords, filesOf } from './pass-words.ts'

test('counts in words, the good news first', () => {
  expect(countWords({ reject: 1, create: 2, commit: 1 })).toBe('2 added, 1 committed, 1 refused')
  expect(countWords({})).toBe('')
  expect(actionWord('delete')).toBe('deleted')
})

test('what became of one file stands together, with its texts once', () => {
  const item = (path: string, action: string, hasTexts = false) => ({ path, action, note: action, hasTexts })
  const files = filesOf([item('a', 'commit', true), item('b', 'reject'), item('a', 'move', true)])
  expect(files).toMatchObject([
    { path: 'a', texts: 0, lines: [{ action: 'commit' }, { action: 'move' }] },
    { path: 'b', texts: null, lines: [{ action: 'reject' }] }
  ])
})
