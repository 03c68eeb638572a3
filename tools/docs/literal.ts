import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/**
 * The value of a constant that a file of the product keeps to itself, read from its source: documentation is no reason
 * to export it. Texts, numbers, lists and maps of them; anything else is an error.
 */
export function literalIn(root: string, path: string, name: string): unknown {
  const source = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true)
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue
    for (const { name: declared, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(declared) && declared.text === name && initializer) return read(initializer, path)
    }
  }
  throw new Error(`${path} has no constant ${name}: mend tools/docs`)
}

/** The same, as a list of texts. */
export function textsIn(root: string, path: string, name: string): string[] {
  const value = literalIn(root, path, name)
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw new Error(`${name} in ${path} is not a list of texts: mend tools/docs`)
}

function read(node: ts.Expression, path: string): unknown {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return read(node.expression, path)
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isNumericLiteral(node)) return Number(node.text)
  if (ts.isArrayLiteralExpression(node)) return node.elements.map((element) => read(element, path))
  if (ts.isObjectLiteralExpression(node)) return Object.fromEntries(node.properties.map((one) => entryOf(one, path)))
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskToken)
    return Number(read(node.left, path)) * Number(read(node.right, path))
  throw new Error(`${path}: ${node.getText()} is not a plain value: mend tools/docs`)
}

function entryOf(property: ts.ObjectLiteralElementLike, path: string): [string, unknown] {
  if (!ts.isPropertyAssignment(property) || ts.isComputedPropertyName(property.name))
    throw new Error(`${path}: ${property.getText()} is not a plain entry: mend tools/docs`)
  return [property.name.text, read(property.initializer, path)]
}
