import type { CommitInfo } from './git.ts'
import { commitInfo } from './log.ts'

/**
 * A commit as it is stored (gitformat-commit): header lines, an empty line, the message. Null where only git itself knows
 * how to read it: another encoding than UTF-8, or a header that is not as git writes it.
 */
export function parseCommit(commit: string, object: Buffer): CommitInfo | null {
  const text = object.toString('utf8')
  const end = text.indexOf('\n\n')
  const head = end < 0 ? text : text.slice(0, end)
  const author = /^author ([^<>\n]*)<([^<>\n]*)> (\d+) [+-]\d{4}$/m.exec(head)
  if (author === null || /^encoding /m.test(head)) return null
  const [, name = '', email = '', seconds = ''] = author
  const parents = [...head.matchAll(/^parent ([\da-f]+)$/gm)].map(([, parent = '']) => parent)
  const subject = end < 0 ? '' : subjectOf(text.slice(end + 2))
  return commitInfo({ commit, parents, name: name.trimEnd(), email, seconds, subject })
}

/** The first lines that are not empty, up to the next empty one, as one. */
function subjectOf(message: string): string {
  const lines = message.split('\n').map(withoutBlanksAtEnd)
  const begin = lines.findIndex((line) => line !== '')
  const end = lines.indexOf('', Math.max(0, begin))
  return begin < 0 ? '' : lines.slice(begin, end < 0 ? undefined : end).join(' ')
}

/** From its end: a pattern would begin anew at each blank of a line that somebody has filled with them. */
function withoutBlanksAtEnd(line: string): string {
  let end = line.length
  while (end > 0 && ' \t\r'.includes(line.charAt(end - 1))) end -= 1
  return line.slice(0, end)
}
