import { quantityOf } from '../projection/quantity-text.ts'
import type { ValueTest } from './event-policy.ts'
import { fits } from './pattern.ts'
import { compareVersions, versionOf } from './version.ts'

/** Whether a value passes; null = the field is not there. Total: what cannot be compared does not pass. */
export function passes(test: ValueTest, value: string | null): boolean {
  if (test.op === 'absent') return value === null
  if (value === null) return false
  switch (test.op) {
    case 'present':
      return true
    case 'like':
      return fits(test.pattern, value)
    case 'unlike':
      return !fits(test.pattern, value)
    case 'in':
      return test.values.includes(value)
    case 'not-in':
      return !test.values.includes(value)
    case 'eq':
    case 'ne':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return compares(test.op, value, test.value)
  }
}

function compares(op: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte', value: string, other: string): boolean {
  const order = orderOf(value, other)
  if (op === 'eq' || op === 'ne') return (op === 'eq') === (order === null ? value === other : order === 0)
  if (order === null) return false
  const holds = { lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }
  return holds[op]
}

/** null: they have no order */
function orderOf(value: string, other: string): number | null {
  const quantities = [quantityOf(value), quantityOf(other)] as const
  if (quantities[0] !== null && quantities[1] !== null) return quantities[0] - quantities[1]
  const versions = [versionOf(value), versionOf(other)] as const
  return versions[0] !== null && versions[1] !== null ? compareVersions(versions[0], versions[1]) : null
}

const WORDS = {
  like: 'is like',
  unlike: 'is not like',
  in: 'is one of',
  'not-in': 'is none of',
  eq: 'is',
  ne: 'is not',
  lt: 'is less than',
  lte: 'is at most',
  gt: 'is more than',
  gte: 'is at least',
  absent: 'is not there',
  present: 'is there'
} as const

/** "is more than 3", as reasons have it */
export function testWords(test: ValueTest): string {
  if ('pattern' in test) return `${WORDS[test.op]} ${test.pattern}`
  if ('values' in test) return `${WORDS[test.op]} ${test.values.join(', ')}`
  return 'value' in test ? `${WORDS[test.op]} ${test.value}` : WORDS[test.op]
}
