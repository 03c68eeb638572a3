import ts from 'typescript'
import type { SourceFile } from '../source-file.ts'
import { lineOf, nodesOf } from '../syntax.ts'
import type { Violation } from '../violation.ts'

const EMPTY_NAMES = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types', 'interfaces'])

/** A name says what is in the file; these say that nobody knew. */
export function emptyNames(files: readonly SourceFile[]): Violation[] {
  return files.flatMap(({ path }) =>
    path
      .split('/')
      .filter((part) => EMPTY_NAMES.has(part.split('.')[0] ?? ''))
      .map((part) => ({ rule: 'empty-names', path, message: `${part} says nothing about what is in it` }))
  )
}

export function defaultExports(files: readonly SourceFile[]): Violation[] {
  return files
    .filter((file) => file.room !== undefined)
    .flatMap((file) =>
      nodesOf(file)
        .filter(isDefaultExport)
        .map((node) => ({
          rule: 'default-exports',
          path: file.path,
          line: lineOf(node),
          message: 'exports have names'
        }))
    )
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true
  if (ts.isExportSpecifier(node)) return node.name.text === 'default'
  return ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some((one) => one.kind === ts.SyntaxKind.DefaultKeyword)
}

const README_WORDS = 100

/** Each room has a door and a page on it. */
export function roomEntrances(
  files: readonly SourceFile[],
  entrances: Readonly<Record<string, string>> = {}
): Violation[] {
  const rooms = new Set(files.flatMap(({ room }) => (room === undefined ? [] : [room])))
  const find = (path: string) => files.find((file) => file.path === path)
  return [...rooms].flatMap((room) => {
    const door = `src/${room}/${entrances[room] ?? 'index.ts'}`
    const page = `src/${room}/README.md`
    const missing = [door, page].filter((path) => !find(path))
    const words = wordCount(find(page)?.text ?? '')
    return [
      ...missing.map((path) => ({ rule: 'room-entrances', path, message: 'each room has its door and its README.md' })),
      ...(words > README_WORDS
        ? [{ rule: 'room-entrances', path: page, message: `${words} words, at most ${README_WORDS}` }]
        : [])
    ]
  })
}

function wordCount(text: string): number {
  return text.split(/\s+/).filter(Boolean).length
}
