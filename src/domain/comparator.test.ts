import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparatorText, compares, parseComparator } from './comparator.ts'

const find = (pattern: string, text: string) => new RegExp(pattern).test(text)

function passes(type: string, criteria: string, value: string, actual: string): boolean {
  const comparator = parseComparator({ type, criteria, value }, undefined)
  if (typeof comparator === 'string') throw new Error(comparator)
  return compares(comparator, actual, find)
}

test.each([
  ['int', '==', '3', ' 3\n', true],
  ['int', '==', '3', '3.0', false],
  ['int', '!=', '3', 'three', false],
  ['int', 'oneOf', '[1, 2]', '2', true],
  ['int', 'between', '[1,3]', '3', true],
  ['int', 'between', '1,3', '4', false],
  ['float', '>=', '0.9', '9e-1', true],
  ['float', '<', '-1', '-Inf', true],
  ['float', '>', '0', 'NaN', false],
  ['float', '>', '9', '10', true],
  ['string', '>', '9', '10', false],
  ['string', 'equal', 'up', 'up\n', true],
  ['string', 'notEqual', 'up', 'down', true],
  ['string', 'Contains', 'ello', 'hello', true],
  ['string', 'matches', '^h.*o$', 'hello', true],
  ['string', 'notMatches', '^h.*o$', 'hello', false],
  ['string', 'oneOf', '["a", "b"]', 'b', true]
])('%s %s %s against %o: %s', (type, criteria, value, actual, passed) => {
  if (type === 'string' && criteria === '>') expect(() => passes(type, criteria, value, actual)).toThrow(/none of/)
  else expect(passes(type, criteria, value, actual)).toBe(passed)
})

test.each([
  [{ criteria: '==', value: '1' }, /type "" is none of int, float, string/],
  [{ type: 'int', criteria: 'like', value: '1' }, /criteria "like" is none of ==/],
  [{ type: 'int', criteria: '==', value: '1.5' }, /value "1.5" is no whole number/],
  [{ type: 'float', criteria: 'between', value: '[1]' }, /needs two values/],
  [{ type: 'int', criteria: 'oneOf', value: '[]' }, /value is empty/],
  [{ type: 'int', criteria: '==', value: { a: 1 } }, /value "" is no whole number/],
  [{ type: 'string', criteria: 'matches', value: 'a'.repeat(2000) }, /longer than 1000/]
])('%o is refused', (written, reason) => expect(parseComparator(written, undefined)).toMatch(reason))

test('numbers compare as numbers do, and what is said of them can be read again', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (actual, wanted) => {
      expect(passes('int', '<', `${wanted}`, `${actual}`)).toBe(actual < wanted)
      expect(passes('int', '>=', `${wanted}`, `${actual}`)).toBe(actual >= wanted)
      expect(passes('float', 'between', `[${wanted},${wanted}]`, `${actual}`)).toBe(actual === wanted)
    })
  )
  const comparator = parseComparator({ type: 'string', criteria: 'oneof', value: '[a,b]' }, undefined)
  expect(typeof comparator === 'object' && comparatorText(comparator)).toBe('oneOf ["a", "b"]')
})
