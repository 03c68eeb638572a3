import { expect, test } from 'vitest'
import { sinceText } from './time-text.ts'

test.each([
  [1_000, 'just now'],
  [-1_000, 'any moment'],
  [42_000, '42 s ago'],
  [-12_500, 'in 12 s'],
  [240_000, '4 min ago'],
  [86_400_000, '1 day ago'],
  [3 * 86_400_000, '3 days ago']
])('%d ms away is %s', (ms, text) => expect(sinceText(1_000_000_000_000 - ms, 1_000_000_000_000)).toBe(text))
