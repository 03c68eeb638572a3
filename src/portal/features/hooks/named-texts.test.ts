import { expect, test } from 'vitest'
import { namedTexts } from './named-texts.ts'

test('lines become texts by name; only the first sign divides', () => {
  expect(namedTexts('\napp = cart*\n  query=a=b\n')).toEqual({ ok: true, texts: { app: 'cart*', query: 'a=b' } })
  expect(namedTexts(' ')).toEqual({ ok: true, texts: {} })
})

test('a line without a name, and a name that comes twice, are named', () => {
  expect(namedTexts('app = cart\ncart')).toEqual({ ok: false, problem: 'Line 2 is not of the form name = text.' })
  expect(namedTexts('= cart')).toEqual({ ok: false, problem: 'Line 1 is not of the form name = text.' })
  expect(namedTexts('app = a\n\napp = b')).toEqual({ ok: false, problem: 'Line 3 names app again.' })
})
