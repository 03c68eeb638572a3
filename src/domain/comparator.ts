export const COMPARATOR_TYPES = ['int', 'float', 'string'] as const
export type ComparatorType = (typeof COMPARATOR_TYPES)[number]

const NUMBERS: Readonly<Record<string, (actual: number, expected: number) => boolean>> = {
  '==': (actual, expected) => actual === expected,
  '!=': (actual, expected) => actual !== expected,
  '<': (actual, expected) => actual < expected,
  '<=': (actual, expected) => actual <= expected,
  '>': (actual, expected) => actual > expected,
  '>=': (actual, expected) => actual >= expected
}

export const NUMBER_CRITERIA: readonly string[] = [...Object.keys(NUMBERS), 'oneOf', 'between']
export const TEXT_CRITERIA: readonly string[] = ['equal', 'notEqual', 'contains', 'matches', 'notMatches', 'oneOf']

/** How a value that a probe saw is compared with what is wanted, by Litmus' names. */
export interface Comparator {
  type: ComparatorType
  criteria: string
  /** one value; several for `oneOf`, two for `between` */
  expected: readonly string[]
}

/** Whether the pattern is found in the text: whoever compares brings the engine, which must be bounded in time. */
export type FindPattern = (pattern: string, text: string) => boolean

const LONGEST_PATTERN = 1000

/** `type`, `criteria` and `value` as written, or a sentence about what is wrong with them. */
export function parseComparator(
  written: Readonly<Record<string, unknown>>,
  otherwise: ComparatorType | undefined
): Comparator | string {
  const typeText = plainText(written.type)
  const type = COMPARATOR_TYPES.find((known) => known === typeText.toLowerCase()) ?? (typeText ? undefined : otherwise)
  if (type === undefined) return `type "${typeText}" is none of ${COMPARATOR_TYPES.join(', ')}`
  return readComparator(type, plainText(written.criteria), plainText(written.value))
}

export function readComparator(type: ComparatorType, criteriaText: string, value: string): Comparator | string {
  const known = type === 'string' ? TEXT_CRITERIA : NUMBER_CRITERIA
  const criteria = known.find((one) => one.toLowerCase() === criteriaText.trim().toLowerCase())
  if (criteria === undefined) return `criteria "${criteriaText}" is none of ${known.join(', ')}`
  const several = criteria === 'oneOf' || criteria === 'between'
  const expected = several ? listOf(value) : [value.trim()]
  if (criteria === 'between' && expected.length !== 2) return `criteria between needs two values, "${value}" has not`
  if (expected.length === 0) return 'value is empty'
  if (type !== 'string') {
    const wrong = expected.find((one) => numberOf(type, one) === null)
    if (wrong !== undefined) return `value "${wrong}" is no ${type === 'int' ? 'whole number' : 'number'}`
  }
  if (criteria.toLowerCase().includes('matches') && value.length > LONGEST_PATTERN)
    return `the pattern is longer than ${LONGEST_PATTERN} characters`
  return { type, criteria, expected }
}

/** A value that is not of the comparator's type passes nothing. Ends of texts do not count, as line ends of commands. */
export function compares(comparator: Comparator, actualText: string, find: FindPattern): boolean {
  const { type, criteria, expected } = comparator
  const text = actualText.trim()
  if (type === 'string') return comparesText(comparator, text, find)
  const actual = numberOf(type, text)
  if (actual === null) return false
  const wanted = expected.map((one) => numberOf(type, one) ?? Number.NaN)
  const [first = Number.NaN, second = Number.NaN] = wanted
  if (criteria === 'oneOf') return wanted.includes(actual)
  if (criteria === 'between') return actual >= first && actual <= second
  return NUMBERS[criteria]?.(actual, first) ?? false
}

function comparesText({ criteria, expected }: Comparator, text: string, find: FindPattern): boolean {
  const [first = ''] = expected
  if (criteria === 'oneOf') return expected.includes(text)
  if (criteria === 'equal') return text === first
  if (criteria === 'notEqual') return text !== first
  if (criteria === 'contains') return text.includes(first)
  return find(first, text) === (criteria === 'matches')
}

/** `>= 90`, `oneOf [200, 201]`, `contains "ok"` */
export function comparatorText({ type, criteria, expected }: Comparator): string {
  const shown = type === 'string' ? expected.map((one) => JSON.stringify(one.slice(0, 200))) : expected
  return criteria === 'oneOf' || criteria === 'between'
    ? `${criteria} [${shown.join(', ')}]`
    : `${criteria} ${shown.join('')}`
}

/** Also the infinities, as Prometheus writes them; null = it is none. */
function numberOf(type: 'int' | 'float', text: string): number | null {
  const infinite = /^([+-]?)inf$/i.exec(text)
  if (infinite !== null && type === 'float')
    return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const form = type === 'int' ? /^[+-]?\d+$/ : /^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
  return form.test(text) ? Number(text) : null
}

/** `[200,201]`, `["a","b"]`, or without brackets */
function listOf(text: string): string[] {
  return text
    .trim()
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((part) => part.trim().replace(/^["']|["']$/g, ''))
    .filter((part) => part !== '')
}

/** texts and numbers as text, a list as its items; anything else is empty */
export function plainText(value: unknown): string {
  if (Array.isArray(value)) return value.map(plainText).join(',')
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : ''
}
