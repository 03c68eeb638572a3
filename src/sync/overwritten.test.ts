import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keepsEdit } from './overwritten.ts'

const lines = (...all: string[]) => `${all.join('\n')}\n`
const edit = { before: lines('a', 'latency: 3000', 'z'), after: lines('a', 'latency: 2000', 'z') }

it.each([
  ['the same text', edit.after, true],
  ['a change elsewhere', lines('b', 'latency: 2000', 'z', 'more'), true],
  ['the line moved', lines('latency: 2000', 'a', 'z'), true],
  ['the edit reverted', edit.before, false],
  ['another value on its line', lines('a', 'latency: 1500', 'z'), false],
  ['what it removed is back beside it', lines('a', 'latency: 2000', 'latency: 3000', 'z'), false]
])('%s', (_what, text, kept) => expect(keepsEdit(edit, text)).toBe(kept))

it('a removed line that comes back is an edit undone', () => {
  const removal = { before: lines('a', 'b'), after: lines('a') }
  expect(keepsEdit(removal, lines('a', 'c'))).toBe(true)
  expect(keepsEdit(removal, lines('c', 'b'))).toBe(false)
})

it('an edit is kept by its own text, and undone by the text before it, unless it only moved lines', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 }).map((all) => all.join('\n'))
  const sorted = (one: string) => one.split('\n').toSorted().join('\n')
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(keepsEdit({ before, after }, after)).toBe(true)
      expect(keepsEdit({ before, after }, before)).toBe(sorted(before) === sorted(after))
    })
  )
})
