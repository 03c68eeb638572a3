import { compile, type JSONValue, search } from '@jmespath-community/jmespath'

const LONGEST = 300
/** `name==`cart`` as Litmus' implementation reads it: what is no JSON is a text */
const OPTIONS = { enable_legacy_literals: true }

/** Why this is no JMESPath expression that is read here; null = it is one. */
export function expressionProblem(expression: string): string | null {
  if (expression.length > LONGEST) return `it has more than ${LONGEST} characters`
  try {
    return tooMuch(compile(expression, OPTIONS))
  } catch (error) {
    return (error as Error).message.replace(/\.$/, '')
  }
}

/** What the expression finds; an expression that cannot be asked of this object finds nothing in it. */
export function searchExpression(expression: string, object: unknown): unknown {
  try {
    return search(object as JSONValue, expression, OPTIONS)
  } catch {
    return undefined
  }
}

/**
 * Agents ask these of every workload, each time they look: what an expression costs must be bounded by the object. So
 * there are the steps, filters and functions of JMESPath's specification that Litmus has, and nothing that makes values
 * larger than they were: no variables, no way back to the root, and one list or map of several parts, since two of them
 * in a row double what they get.
 */
const STEPS = new Set([
  'AndExpression',
  'Comparator',
  'Current',
  'ExpressionReference',
  'Field',
  'FilterProjection',
  'Flatten',
  'Function',
  'Identity',
  'Index',
  'IndexExpression',
  'KeyValuePair',
  'Literal',
  'MultiSelectHash',
  'MultiSelectList',
  'NotExpression',
  'OrExpression',
  'Pipe',
  'Projection',
  'Slice',
  'Subexpression',
  'ValueProjection'
])
const FUNCTIONS = new Set([
  ...['abs', 'avg', 'ceil', 'contains', 'ends_with', 'floor', 'keys', 'length', 'max', 'max_by', 'min', 'min_by'],
  ...['not_null', 'reverse', 'sort', 'sort_by', 'starts_with', 'sum', 'to_number', 'to_string', 'type', 'values']
])
const MOST_SEVERAL = 1

function tooMuch(tree: unknown): string | null {
  let several = 0
  const waiting: unknown[] = [tree]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (typeof node !== 'object' || node === null) continue
    const { type, name } = node as { type?: unknown; name?: unknown }
    if (typeof type === 'string') {
      if (!STEPS.has(type)) return `it uses ${type}, which is not read`
      if (type === 'Function' && !FUNCTIONS.has(String(name))) return `the function ${String(name)} is not read`
      if (type.startsWith('MultiSelect') && ++several > MOST_SEVERAL) return 'it makes a list or map more than once'
      // what a literal holds is a value, not a step
      if (type === 'Literal') continue
    }
    waiting.push(...Object.values(node))
  }
  return null
}
