import type { NewCommit, Person } from './git.ts'

/**
 * A commit as a stream for `git fast-import`: one process, no work tree, no index; everything outside `changes` stays as
 * the parent has it. The SHA depends on the input alone. See git-fast-import(1).
 */
export function fastImport(commit: NewCommit): Buffer {
  const time = `${Math.floor(commit.at.getTime() / 1000)} +0000`
  const parts = [
    'commit refs/faultline/written',
    'mark :1',
    `author ${ident(commit.author)} ${time}`,
    `committer ${ident(commit.committer)} ${time}`,
    data(`${commit.message.trim()}\n`),
    ...(commit.parent === null ? ['deleteall'] : [`from ${commit.parent}`]),
    ...commit.changes.map(({ path, text }) =>
      text === null ? `D ${quoted(path)}` : `M 100644 inline ${quoted(path)}\n${data(text)}`
    ),
    '',
    'get-mark :1',
    'done',
    ''
  ]
  return Buffer.from(parts.join('\n'))
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
