import type { CommitInfo, PushedCommit } from './git.ts'

const MARK = 'faultline-commit'
/** mark, id, parents, author, e-mail, seconds, subject: NUL between them, as no commit can hold one */
export const LOG_FORMAT = `--format=${MARK}%x00%H%x00%P%x00%an%x00%ae%x00%at%x00%s%x00`
const FIELDS = 6

export interface LogEntry {
  info: CommitInfo
  paths: string[]
}

/**
 * `git log` in our format, with or without `-z --name-only`. Fields are counted, not searched for: whatever a hostile
 * commit has in its subject stays a subject.
 */
export function parseLog(output: Buffer): LogEntry[] {
  const tokens = output.toString('utf8').split('\0')
  const entries: LogEntry[] = []
  let at = 0
  while (at < tokens.length) {
    const token = (tokens[at] ?? '').replace(/^\n+/, '')
    at += 1
    if (token === MARK) {
      entries.push({ info: commitOf(tokens.slice(at, at + FIELDS)), paths: [] })
      at += FIELDS
    } else if (token !== '') entries.at(-1)?.paths.push(token)
  }
  return entries
}

function commitOf([
  commit = '',
  parents = '',
  name = '',
  email = '',
  seconds = '',
  subject = ''
]: string[]): CommitInfo {
  return commitInfo({ commit, parents: parents.split(' ').filter((id) => id !== ''), name, email, seconds, subject })
}

interface CommitWords {
  commit: string
  parents: string[]
  name: string
  email: string
  /** since 1970 */
  seconds: string
  subject: string
}

/** Bounded: a commit may say anything at any length. */
export function commitInfo({ commit, parents, name, email, seconds, subject }: CommitWords): CommitInfo {
  const author = { name: name.slice(0, 200), email: email.slice(0, 200) }
  return { commit, parents, author, at: dateOf(seconds), subject: subject.slice(0, 500) }
}

/** A date that nobody can have written counts as none. */
function dateOf(seconds: string): Date {
  const year2100 = 4_102_444_800
  const value = Number(seconds)
  return new Date(value >= 0 && value < year2100 ? value * 1000 : 0)
}

/** id, author, and the values of the trailer `Chaos-Run`, comma-separated (git-log(1), "trailers") */
export const PUSHED_FORMAT = '--format=%H%x00%an%x00%(trailers:key=Chaos-Run,valueonly,unfold,separator=%x2C)%x00'
const PUSHED_FIELDS = 4

/** `git log -z` in that format: with its own NUL, four fields each. */
export function parsePushed(output: Buffer): PushedCommit[] {
  const tokens = output.toString('utf8').split('\0')
  const commits: PushedCommit[] = []
  for (let at = 0; at + 2 < tokens.length; at += PUSHED_FIELDS) {
    const [commit = '', author = '', asked = ''] = tokens.slice(at, at + 3)
    const names = asked.split(',').map((name) => name.trim())
    commits.push({ commit, author: author.slice(0, 200) || 'unknown', chaosRun: names.filter((name) => name !== '') })
  }
  return commits
}
