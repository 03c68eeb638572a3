import type { ValueTest } from '../../domain/index.ts'
import type { NodeReader } from '../node-reader.ts'
import { onlyKeys } from './words.ts'

const COMPARISONS = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const
const PATTERNS = ['like', 'unlike'] as const
const LISTS = { in: 'in', notIn: 'not-in' } as const
const KNOWN = [...COMPARISONS, ...PATTERNS, ...Object.keys(LISTS), 'absent']

/** A text is a pattern, a list the values that are meant, a map tests that must all pass; nothing = any value. */
export function readTests(at: NodeReader): ValueTest[] {
  if (at.missing) return []
  if (Array.isArray(at.value)) return [{ op: 'in', values: valuesOf(at) }]
  if (!at.isMap) return [{ op: 'like', pattern: at.text() ?? '' }]
  onlyKeys(at, KNOWN)
  return [
    ...COMPARISONS.flatMap((op) => texts(at.at(op)).map((value) => ({ op, value }))),
    ...PATTERNS.flatMap((op) => texts(at.at(op)).map((pattern) => ({ op, pattern }))),
    ...Object.entries(LISTS).flatMap(([key, op]) => (at.at(key).missing ? [] : [{ op, values: valuesOf(at.at(key)) }])),
    ...texts(at.at('absent')).map((word) => ({ op: word === 'true' ? ('absent' as const) : ('present' as const) }))
  ]
}

function texts(at: NodeReader): string[] {
  const text = at.text()
  return text === undefined ? [] : [text]
}

function valuesOf(list: NodeReader): string[] {
  return list.items().flatMap((item) => item.text() ?? [])
}
