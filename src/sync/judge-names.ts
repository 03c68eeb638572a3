import { goneFrom } from './deletion-guard.ts'
import type { GitFile, PlanInput } from './plan-input.ts'

export interface Names {
  /** by path; the later file of a name that is taken is invalid */
  files: GitFile[]
  /** name → the path that it belongs to */
  owners: ReadonlyMap<string, string>
}

/** A name belongs to the definition that has it, else to the earlier path. What is deleted now has no name any more. */
export function judgeNames(input: PlanInput, held: ReadonlySet<string>): Names {
  const owners = keptNames(input, held)
  const files = input.files
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map((file) => {
      const { content } = file
      if (content.kind !== 'definition') return file
      const owner = owners.get(content.name) ?? file.path
      owners.set(content.name, owner)
      return owner === file.path ? file : duplicate(file, content.name, owner)
    })
  return { files, owners }
}

function keptNames(input: PlanInput, held: ReadonlySet<string>): Map<string, string> {
  const files = new Map(input.files.map((file) => [file.path, file]))
  const waiting = new Set(input.edits.filter((edit) => edit.blob !== null).map((edit) => edit.path))
  const leaving = new Set(goneFrom(input).flatMap(({ path }) => (held.has(path) || waiting.has(path) ? [] : [path])))
  const owners = new Map<string, string>()
  for (const { name, path } of input.definitions) {
    const content = files.get(path)?.content
    const renamed = content?.kind === 'definition' && content.name !== name
    if (!renamed && !leaving.has(path)) owners.set(name, path)
  }
  return owners
}

function duplicate(file: GitFile, name: string, owner: string): GitFile {
  const message = `The name ${name} is taken by ${owner}; this file (${file.path}) needs another metadata.name.`
  const problem = { code: DUPLICATE_NAME, severity: 'error' as const, message, line: 1, path: 'metadata.name' }
  const text = file.content.kind === 'definition' ? file.content.text : null
  return { ...file, content: { kind: 'invalid', problems: [problem], text } }
}

/** Depends on other files: such a file is judged anew in every pass. */
export const DUPLICATE_NAME = 'sync/duplicate-name'
