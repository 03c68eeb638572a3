import { expressionProblem } from '../../domain/index.ts'
import type { NodeReader } from '../node-reader.ts'

/** A JMESPath expression, judged where it is written and not first where it is used. */
export function checkExpression(at: NodeReader): string | undefined {
  const expression = at.required('The expression')
  if (expression === undefined) return undefined
  const wrong = expressionProblem(expression)
  if (wrong === null) return expression
  at.problem(
    'manifest/expression',
    `"${expression.slice(0, 60)}" is no JMESPath expression that is read here: ${wrong}.`
  )
  return undefined
}
