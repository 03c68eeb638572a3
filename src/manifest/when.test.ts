import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conditionProblem, holds, type Knowledge } from '../domain/index.ts'
import { readDepends } from './depends.ts'
import { readWhen } from './when.ts'

const NOTHING_KNOWN: Knowledge = {
  endedAs: () => false,
  status: () => 'Succeeded',
  runStatus: () => 'Failed',
  failures: () => '[]'
}
const TOKEN = '\uE0000\uE001'

function when(text: string, value = ''): boolean | string {
  const read = readWhen(text.replaceAll('{{x}}', TOKEN), () => ({ kind: 'value', text: value }))
  return read.ok ? holds(read.condition, NOTHING_KNOWN) : read.reason
}

test.each([
  ['yes == yes', true],
  ['"yes" == \'yes\'', true],
  ['1 == 1.0', true],
  ['1 == "1"', false],
  ['true', true],
  ['!false && 2 > 1', true],
  ['!(a == b) || false', true],
  ['a == b || c == c && d == e', false],
  ['b in (a, b)', true],
  ['"us-east" in ("eu-west", "us-west")', false],
  ['"a" < "b"', true],
  ['(1 < 2) && !(2 <= 1)', true],
  ['"it\\\'s" == "it\'s"', true]
])('%s is read as govaluate reads it', (text, value) => {
  expect(when(text)).toBe(value)
})

test.each([
  ['yes', /must be true or false/],
  ['a == ', /missing at its end/],
  ['(a == b', /"\)" is missing/],
  ['a < 1', /both must be numbers/],
  ['a && true', /must be true or false/],
  ['a in (b)', /two values or more/],
  ['a =~ b', /cannot be read there/],
  ['us-east == us-east', /needs quotes/],
  ['"a == b', /other quote/],
  ['a == b c', /"c" is not expected/],
  [`${'('.repeat(60)}a == b`, /parentheses/],
  ['a'.repeat(5000), /longer than/]
])('%s is refused with a reason', (text, reason) => {
  expect(when(text)).toMatch(reason)
})

test('a placeholder is one value, whatever is in it', () => {
  expect(when('{{x}} == yes', 'yes')).toBe(true)
  expect(when('{{x}} == yes', 'no || true')).toBe(false)
  expect(when("'{{x}}' == 'yes'", "yes' || 'a' == 'a")).toBe(false)
  expect(when('{{x}} > 3', '10')).toBe(true)
  expect(when('{{x}}', 'true')).toBe(true)
  expect(when('{{x}} == ""', '')).toBe(true)
})

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom('==', '!=', '<', '>=', '&&', '||', '!', '(', ')', ',', ' in ', 'a', '"b"', "'c'", '1', 'true', ' '),
    fc.constantFrom(TOKEN, 'x.Failed', 'y.Succeeded', '-', '\\', '"'),
    fc.string({ maxLength: 4 })
  ),
  { maxLength: 24 }
)

test('reading never throws, and what was read has a value that is true or false', () => {
  fc.assert(
    fc.property(pieces, fc.string(), (words, value) => {
      const read = readWhen(words.join(''), () => ({ kind: 'value', text: value }))
      if (!read.ok) expect(read.reason).not.toBe('')
      else expect(conditionProblem(read.condition)).toBeNull()
      if (read.ok) expect(typeof holds(read.condition, NOTHING_KNOWN)).toBe('boolean')
    }),
    { numRuns: 3000 }
  )
  fc.assert(
    fc.property(pieces, (words) => void readDepends(words.join(''), (name) => [name])),
    { numRuns: 3000 }
  )
})
