/** How the status of an answer is compared with what is expected. */
export interface StatusRule {
  criteria: string
  expected: readonly number[]
}

const SINGLE: Readonly<Record<string, (actual: number, expected: number) => boolean>> = {
  '==': (actual, expected) => actual === expected,
  '!=': (actual, expected) => actual !== expected,
  '<': (actual, expected) => actual < expected,
  '<=': (actual, expected) => actual <= expected,
  '>': (actual, expected) => actual > expected,
  '>=': (actual, expected) => actual >= expected
}

const STATUS_CRITERIA: readonly string[] = [...Object.keys(SINGLE), 'oneOf', 'between']

/** `200`, or `[200,201]` for oneOf and between; a sentence about what is wrong otherwise. */
export function parseStatusRule(criteria: string, responseCode: string): StatusRule | string {
  if (!STATUS_CRITERIA.includes(criteria)) return `criteria "${criteria}" is none of ${STATUS_CRITERIA.join(', ')}`
  const parts = responseCode
    .replace(/^\s*\[|\]\s*$/g, '')
    .split(',')
    .map((part) => part.trim().replace(/^["']|["']$/g, ''))
  if (!parts.every((part) => /^[1-5]\d\d$/.test(part))) return `responseCode "${responseCode}" is no HTTP status`
  const wanted = criteria === 'between' ? 2 : criteria === 'oneOf' ? parts.length : 1
  if (parts.length !== wanted) return `criteria ${criteria} needs ${wanted} status in responseCode`
  return { criteria, expected: parts.map(Number) }
}

export function statusMatches({ criteria, expected }: StatusRule, actual: number): boolean {
  const [first = 0, second = 0] = expected
  if (criteria === 'oneOf') return expected.includes(actual)
  if (criteria === 'between') return actual >= first && actual <= second
  return SINGLE[criteria]?.(actual, first) ?? false
}

/** `== 200`, `oneOf [200, 201]` */
export function statusRuleText({ criteria, expected }: StatusRule): string {
  return expected.length === 1 ? `${criteria} ${expected[0]}` : `${criteria} [${expected.join(', ')}]`
}

export interface BodyRule {
  criteria: 'contains' | 'equal' | 'notEqual'
  text: string
}

/** Criteria that are about the body; with any other one the body must contain the text. */
export function bodyRule(criteria: string, text: string): BodyRule {
  if (criteria === 'equal' || criteria === 'notEqual') return { criteria, text }
  return { criteria: 'contains', text }
}

export function isBodyCriteria(criteria: string): boolean {
  return ['contains', 'equal', 'notEqual'].includes(criteria)
}

export function bodyMatches({ criteria, text }: BodyRule, body: string): boolean {
  if (criteria === 'equal') return body.trim() === text.trim()
  if (criteria === 'notEqual') return body.trim() !== text.trim()
  return body.includes(text)
}
