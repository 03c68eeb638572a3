import { expect, test } from 'vitest'
import { durationText, offsetText } from './duration-text.ts'

test.each([
  [0, '0 ms'],
  [182, '182 ms'],
  [4200, '4.2 s'],
  [9_960, '10 s'],
  [59_400, '59 s'],
  [59_700, '1 min 00 s'],
  [185_000, '3 min 05 s'],
  [7_800_000, '2 h 10 min']
])('%d ms lasts %s', (ms, text) => expect(durationText(ms)).toBe(text))

test('offsets count from the start', () => expect(offsetText(4_240)).toBe('+4.2 s'))
