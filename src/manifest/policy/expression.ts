import { compile } from '@jmespath-community/jmespath'
import type { NodeReader } from '../node-reader.ts'

const LONGEST = 300

/** A JMESPath expression, judged where it is written and not first where it is used. */
export function checkExpression(at: NodeReader): string | undefined {
  const expression = at.required('The expression')
  if (expression === undefined) return undefined
  const wrong = expression.length > LONGEST ? `it has more than ${LONGEST} characters` : syntaxError(expression)
  if (wrong === null) return expression
  at.problem('manifest/expression', `"${expression.slice(0, 60)}" is no JMESPath expression: ${wrong}.`)
  return undefined
}

function syntaxError(expression: string): string | null {
  try {
    compile(expression)
    return null
  } catch (error) {
    return (error as Error).message.replace(/\.$/, '')
  }
}
