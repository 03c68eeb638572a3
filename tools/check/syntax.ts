import ts from 'typescript'
import type { SourceFile } from './source-file.ts'

/** All nodes of a file, in the order of its text. */
export function nodesOf(file: SourceFile): ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  if (file.ast) visit(file.ast)
  return nodes
}

export function lineOf(node: ts.Node): number {
  const source = node.getSourceFile()
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

/** A module that is imported for use at run time. */
export interface ModuleUse {
  module: string
  /** what is taken of it: `request`; `*` for all of it */
  names: string[]
  line: number
}

/** Imports, re-exports and `import()`s of a file but for those of types alone. */
export function moduleUses(file: SourceFile): ModuleUse[] {
  return nodesOf(file).flatMap((node) => {
    const use = staticUse(node) ?? dynamicUse(node)
    return use ? [{ ...use, line: lineOf(node) }] : []
  })
}

type Use = Omit<ModuleUse, 'line'>

function staticUse(node: ts.Node): Use | undefined {
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return undefined
  if (!node.moduleSpecifier || !ts.isStringLiteral(node.moduleSpecifier)) return undefined
  const names = ts.isImportDeclaration(node) ? importedNames(node.importClause) : exportedNames(node)
  return names.length === 0 ? undefined : { module: node.moduleSpecifier.text, names }
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  if (!clause) return ['*']
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return []
  const bindings = clause.namedBindings
  const whole = clause.name || (bindings && ts.isNamespaceImport(bindings)) ? ['*'] : []
  return bindings && ts.isNamedImports(bindings) ? [...whole, ...namesOf(bindings.elements)] : whole
}

function exportedNames(node: ts.ExportDeclaration): string[] {
  if (node.isTypeOnly) return []
  return node.exportClause && ts.isNamedExports(node.exportClause) ? namesOf(node.exportClause.elements) : ['*']
}

function namesOf(elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]): string[] {
  return elements.filter((element) => !element.isTypeOnly).map((element) => (element.propertyName ?? element.name).text)
}

function dynamicUse(node: ts.Node): Use | undefined {
  if (!ts.isCallExpression(node)) return undefined
  const [argument] = node.arguments
  const loads = node.expression.kind === ts.SyntaxKind.ImportKeyword || isName(node.expression, ['require'])
  return loads && argument && ts.isStringLiteral(argument) ? { module: argument.text, names: ['*'] } : undefined
}

export function isName(node: ts.Node, names: readonly string[]): boolean {
  return ts.isIdentifier(node) && names.includes(node.text)
}
