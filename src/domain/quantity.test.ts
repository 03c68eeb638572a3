import { expect, test } from 'vitest'
import { bytesOf, bytesPerSecondOf } from './quantity.ts'

test.each([
  ['1mbit', 125_000],
  ['512kbit', 64_000],
  ['8', 1],
  ['100kbps', 100_000],
  ['1.5MBIT', 187_500]
])('a bandwidth of %s is %i bytes in a second', (text, bytesPerSecond) =>
  expect(bytesPerSecondOf(text)).toBe(bytesPerSecond)
)

test.each([
  ['32kb', 32_768],
  ['2mb', 2_097_152],
  ['1540', 1540],
  ['x', null]
])('a size of %s is %o bytes', (text, bytes) => expect(bytesOf(text)).toBe(bytes))
