import type { CommitInfo } from '../git/index.ts'

/** Who wrote a text, and in which commit. */
export interface Authorship {
  author: string
  origin: 'git' | 'portal'
  commit: string | null
  message: string | null
  at: Date
}

export function fromGit(info: CommitInfo): Authorship {
  const author = info.author.name || info.author.email || 'unknown'
  return { author, origin: 'git', commit: info.commit, message: info.subject, at: info.at }
}

export function fromPortal(edit: { author: string; message: string }, commit: string | null, at: Date): Authorship {
  return { author: edit.author, origin: 'portal', commit, message: edit.message, at }
}
