import ts from 'typescript'
import type { SourceFile } from '../source-file.ts'
import { lineOf, nodesOf } from '../syntax.ts'
import type { Violation } from '../violation.ts'

const FILE_LINES = 500
const FUNCTION_LINES = 50

/** Tables: steps down a list, where a reader gains nothing from a cut. Empty is best. */
const LONG_BY_NATURE: readonly string[] = []

export function longFiles(files: readonly SourceFile[]): Violation[] {
  return files
    .filter((file) => file.ast && lines(file) > FILE_LINES)
    .map((file) => ({
      rule: 'long-files',
      path: file.path,
      message: `${lines(file)} lines, at most ${FILE_LINES}`
    }))
}

/** Functions of the product and its tools; a test's `describe` is a chapter, not a function. */
export function longFunctions(files: readonly SourceFile[]): Violation[] {
  return files
    .filter((file) => !file.test && !LONG_BY_NATURE.includes(file.path))
    .flatMap((file) =>
      nodesOf(file)
        .filter(isFunction)
        .filter(isLong)
        .map((node) => longFunction(file, node))
    )
}

function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined
}

function isLong(node: ts.FunctionLikeDeclaration): boolean {
  return length(node) > FUNCTION_LINES
}

function longFunction(file: SourceFile, node: ts.FunctionLikeDeclaration): Violation {
  const message = `${node.name?.getText() ?? 'a function'} has ${length(node)} lines, at most ${FUNCTION_LINES}`
  return { rule: 'long-functions', path: file.path, line: lineOf(node), message }
}

function length(node: ts.Node): number {
  return node.getText().split('\n').length
}

function lines(file: SourceFile): number {
  return file.text.replace(/\n$/, '').split('\n').length
}

/** Median and ninth decile of the lines of the product's files. */
export function fileSizes(files: readonly SourceFile[]): { median: number; p90: number; longest: number } {
  const sizes = files
    .filter((file) => file.room !== undefined && file.ast && !file.test)
    .map(lines)
    .sort((a, b) => a - b)
  const at = (share: number) => sizes[Math.floor((sizes.length - 1) * share)] ?? 0
  return { median: at(0.5), p90: at(0.9), longest: at(1) }
}
