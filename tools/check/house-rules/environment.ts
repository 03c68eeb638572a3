import ts from 'typescript'
import type { SourceFile } from '../source-file.ts'
import { isName, lineOf, moduleUses, nodesOf } from '../syntax.ts'
import type { Violation } from '../violation.ts'

/** `main`, and programs of their own: a service of the sample shop is started as a workload with its own environment. */
const READERS = [/^src\/main\//, /^src\/demo\/shop\/service\.ts$/]

/** `process.env` is read in `main` alone, which hands settings on. */
export function environment(files: readonly SourceFile[]): Violation[] {
  return files
    .filter((file) => file.room !== undefined && !file.test && !READERS.some((reader) => reader.test(file.path)))
    .flatMap((file) =>
      readsOf(file).map((line) => ({
        rule: 'environment',
        path: file.path,
        line,
        message: 'process.env is read in main alone'
      }))
    )
}

function readsOf(file: SourceFile): number[] {
  const imports = moduleUses(file).filter(
    ({ module, names }) => /^(node:)?process$/.test(module) && names.includes('env')
  )
  return [...nodesOf(file).filter(readsEnvironment).map(lineOf), ...imports.map(({ line }) => line)]
}

/** `process.env`, `process['env']`, `const { env } = process`. */
function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return isProcess(node.expression) && node.name.text === 'env'
  if (ts.isElementAccessExpression(node))
    return (
      isProcess(node.expression) &&
      ts.isStringLiteral(node.argumentExpression) &&
      node.argumentExpression.text === 'env'
    )
  return (
    ts.isVariableDeclaration(node) &&
    node.initializer !== undefined &&
    isProcess(node.initializer) &&
    ts.isObjectBindingPattern(node.name) &&
    node.name.elements.some((element) => isName(element.propertyName ?? element.name, ['env']))
  )
}

function isProcess(node: ts.Node): boolean {
  return isName(node, ['process']) || (ts.isPropertyAccessExpression(node) && node.name.text === 'process')
}
