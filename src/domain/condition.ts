/**
 * What decides whether a step starts: Argo's `when` and `depends` as data. Pure and total: a condition that
 * `conditionProblem` has nothing against has a value whatever happened; of any other, what has no meaning is false.
 */
export type Condition =
  | { kind: 'value'; value: Value }
  /** a text with what is known only while the run goes on */
  | { kind: 'text'; parts: readonly (string | Told)[] }
  /** whether the steps of a call, taken together, ended in one of these ways; `well`: as what comes next needs it */
  | { kind: 'ended'; of: readonly string[]; as: readonly (StepStatus | 'Well')[] }
  | { kind: 'not'; of: Condition }
  | { kind: 'and' | 'or'; of: readonly Condition[] }
  | { kind: 'compare'; by: Comparison; left: Condition; right: Condition }
  | { kind: 'in'; left: Condition; list: readonly Condition[] }

export type Value = string | number | boolean
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

/** The status of the steps of a call taken together, of the whole run, or its failures as JSON. */
export type Told = { told: 'step-status'; of: readonly string[] } | { told: 'run-status' } | { told: 'failures' }

/** Argo's words for how a step ended. */
export type StepStatus = 'Succeeded' | 'Failed' | 'Error' | 'Skipped' | 'Omitted'

/** What conditions ask. */
export interface Knowledge {
  endedAs(steps: readonly string[], as: StepStatus | 'Well'): boolean
  status(steps: readonly string[]): string
  runStatus(): string
  failures(): string
}

export function holds(condition: Condition, known: Knowledge): boolean {
  return worth(condition, known) === true
}

function worth(condition: Condition, known: Knowledge): Value {
  switch (condition.kind) {
    case 'value':
      return condition.value
    case 'text':
      return condition.parts.map((part) => (typeof part === 'string' ? part : toldText(part, known))).join('')
    case 'ended':
      return condition.as.some((status) => known.endedAs(condition.of, status))
    case 'not':
      return !holds(condition.of, known)
    case 'and':
      return condition.of.every((part) => holds(part, known))
    case 'or':
      return condition.of.some((part) => holds(part, known))
    case 'compare':
      return compared(condition.by, worth(condition.left, known), worth(condition.right, known))
    case 'in': {
      const left = worth(condition.left, known)
      return condition.list.some((item) => worth(item, known) === left)
    }
  }
}

function toldText(told: Told, known: Knowledge): string {
  if (told.told === 'step-status') return known.status(told.of)
  return told.told === 'run-status' ? known.runStatus() : known.failures()
}

/** Values of different types are not equal, and have no order. */
function compared(by: Comparison, left: Value, right: Value): boolean {
  if (by === '==') return left === right
  if (by === '!=') return left !== right
  if (typeof left !== typeof right || typeof left === 'boolean') return false
  if (by === '<') return left < right
  if (by === '<=') return left <= right
  return by === '>' ? left > right : left >= right
}

/** Why a condition has no meaning, for people; null = it is true or false. */
export function conditionProblem(condition: Condition): string | null {
  const problem = problemIn(condition)
  if (problem !== null || typeOf(condition) === 'boolean') return problem
  return `it is a ${typeOf(condition)}, and must be true or false`
}

function problemIn(condition: Condition): string | null {
  switch (condition.kind) {
    case 'not':
      return conditionProblem(condition.of)
    case 'and':
    case 'or':
      return firstProblem(condition.of, conditionProblem)
    case 'in':
      return firstProblem([condition.left, ...condition.list], problemIn)
    case 'compare':
      return firstProblem([condition.left, condition.right], problemIn) ?? orderProblem(condition)
    default:
      return null
  }
}

function orderProblem({ by, left, right }: Extract<Condition, { kind: 'compare' }>): string | null {
  if (by === '==' || by === '!=') return null
  const types = [typeOf(left), typeOf(right)]
  if (types[0] === types[1] && types[0] !== 'boolean') return null
  return `a ${types[0]} ${by} a ${types[1]} has no meaning: both must be numbers, or both texts`
}

function firstProblem(parts: readonly Condition[], problemOf: (part: Condition) => string | null): string | null {
  for (const part of parts) {
    const problem = problemOf(part)
    if (problem !== null) return problem
  }
  return null
}

function typeOf(condition: Condition): 'boolean' | 'number' | 'text' {
  if (condition.kind === 'text') return 'text'
  if (condition.kind !== 'value' || typeof condition.value === 'boolean') return 'boolean'
  return typeof condition.value === 'number' ? 'number' : 'text'
}
