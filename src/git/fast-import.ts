import type { NewCommit, Person } from './git.ts'

/**
 * Commits as a stream for `git fast-import`, each on top of the one before: one process, no work tree, no index;
 * everything outside `changes` stays as the parent has it. The ids depend on the input alone. See git-fast-import(1).
 */
export function fastImport(parent: string | null, commits: readonly NewCommit[]): Buffer {
  const parts = commits.flatMap((commit, index) => {
    const from = index > 0 ? `from :${index}` : parent === null ? 'deleteall' : `from ${parent}`
    return [...commitLines(commit, index + 1, from), '', `get-mark :${index + 1}`]
  })
  return Buffer.from([...parts, 'done', ''].join('\n'))
}

function commitLines(commit: NewCommit, mark: number, from: string): string[] {
  const time = `${Math.floor(commit.at.getTime() / 1000)} +0000`
  return [
    'commit refs/faultline/written',
    `mark :${mark}`,
    `author ${ident(commit.author)} ${time}`,
    `committer ${ident(commit.committer)} ${time}`,
    data(`${commit.message.trim()}\n`),
    from,
    ...commit.changes.map(({ path, text }) =>
      text === null ? `D ${quoted(path)}` : `M 100644 inline ${quoted(path)}\n${data(text)}`
    )
  ]
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`
}

/** Characters that end an identity or a line would let a name forge the rest of the commit. */
function ident({ name, email }: Person): string {
  const clean = (text: string) => text.replace(/[<>\u0000-\u001f\u007f]/g, '').trim()
  return `${clean(name) || 'unknown'} <${clean(email)}>`
}

function quoted(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`
}
