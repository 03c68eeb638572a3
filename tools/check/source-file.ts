import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { TEST_CODE } from './room-rules.ts'

/** A file as the rules of the house see it. */
export interface SourceFile {
  /** from the root of the repository, with slashes */
  path: string
  text: string
  /** of TypeScript files */
  ast?: ts.SourceFile
  /** the folder below `src/`; undefined outside of it */
  room?: string
  /** a test or its fixture */
  test: boolean
}

const FOLDERS = ['src', 'test', 'tools', 'bench']
const LEFT_OUT = /(^|\/)(node_modules|dist|tools\/check\/fixtures)(\/|$)/
const READ = /\.(ts|tsx|mts|mjs|js|md)$/

/** Every file of the repository that rules are about, below `root`. */
export function readSources(root: string): SourceFile[] {
  return FOLDERS.flatMap((folder) => filesBelow(root, folder)).map((path) =>
    sourceFile(path, READ.test(path) ? readFileSync(join(root, path), 'utf8') : '')
  )
}

function sourceFile(path: string, text: string): SourceFile {
  const room = /^src\/([^/]+)\//.exec(path)?.[1]
  return {
    path,
    text,
    test: new RegExp(TEST_CODE).test(path) || path.startsWith('test/'),
    ...(room !== undefined && { room }),
    ...(/\.tsx?$/.test(path) && { ast: parse(path, text) })
  }
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
}

function filesBelow(root: string, folder: string): string[] {
  let entries: ReturnType<typeof entriesOf>
  try {
    entries = entriesOf(join(root, folder))
  } catch {
    return []
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (LEFT_OUT.test(path)) return []
    return entry.isDirectory() ? filesBelow(root, path) : [path]
  })
}

function entriesOf(folder: string) {
  return readdirSync(folder, { withFileTypes: true })
}
