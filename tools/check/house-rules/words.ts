import ts from 'typescript'
import type { SourceFile } from '../source-file.ts'
import { isName, lineOf, nodesOf } from '../syntax.ts'
import type { Violation } from '../violation.ts'

/** Words that mean one thing of ours and have another name here; two words are meant one after the other. */
const WORDS: readonly (readonly [word: string, instead: string])[] = [
  ['workspace', 'project'],
  ['delegate', 'infrastructure'],
  ['subscriber', 'agent'],
  ['experiment', 'workflow'],
  ['scenario', 'workflow'],
  ['attack', 'fault'],
  ['victim', 'target'],
  ['resiliency', 'resilience score'],
  ['health check', 'probe'],
  ['on hold', 'withheld'],
  ['stop everything', 'kill switch']
]

/** Where users' old names are read. */
const OLD_NAMES = /^src\/manifest\/litmus\//

/** One word for one thing, in every name of the code. */
export function bannedWords(files: readonly SourceFile[]): Violation[] {
  return files
    .filter((file) => !OLD_NAMES.test(file.path))
    .flatMap((file) => [
      ...inPath(file),
      ...nodesOf(file)
        .filter((node) => ts.isIdentifier(node))
        .flatMap((node) => wordsIn(file, node.text, lineOf(node)))
    ])
}

function inPath(file: SourceFile): Violation[] {
  const own = file.path.replace(/^src\//, '')
  return own.split('/').flatMap((part) => wordsIn(file, part, undefined))
}

function wordsIn(file: SourceFile, name: string, line: number | undefined): Violation[] {
  const spoken = ` ${speak(name)} `
  return WORDS.filter(([word]) => spoken.includes(` ${word} `) || spoken.includes(` ${word}s `)).map(
    ([word, instead]) => ({
      rule: 'banned-words',
      path: file.path,
      ...(line !== undefined && { line }),
      message: `${name}: not "${word}" but "${instead}"`
    })
  )
}

/** `onHoldSince`, `ON_HOLD`, `on-hold.ts` -> `on hold …` */
function speak(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .toLowerCase()
}

const MOCKS = ['mock', 'doMock', 'unmock', 'hoisted', 'importMock']

/** Collaborators are real or handed in; no module is replaced behind the back of its users. */
export function moduleMocks(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) =>
    nodesOf(file)
      .filter((node) => ts.isPropertyAccessExpression(node) && isMock(node))
      .map((node) => ({
        rule: 'module-mocks',
        path: file.path,
        line: lineOf(node),
        message: 'no module mocks: hand the collaborator in'
      }))
  )
}

function isMock(node: ts.PropertyAccessExpression): boolean {
  return isName(node.expression, ['vi', 'vitest', 'jest']) && isName(node.name, MOCKS)
}
