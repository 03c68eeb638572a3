import type { OpenEdit } from './plan-input.ts'
import { takesAway } from './renames.ts'

export interface Ending {
  edit: OpenEdit
  state: 'merged' | 'superseded' | 'discarded'
  /** ours; null where git says the same by itself */
  commit: string | null
  reason: string | null
}

/** What becomes of the edits that wait at one path. */
export interface QueuePlan {
  ended: readonly Ending[]
  /** waits for a person; the edits behind it wait too */
  conflict: { edit: OpenEdit; reason: string } | null
  /** may be pushed now */
  ready: OpenEdit | null
}

export interface GitSide {
  /** what git has at this path; null = nothing */
  blob: string | null
  /** the path that a workflow's name belongs to */
  ownerOf: (name: string) => string | undefined
  /** what else is at the path that an edit takes the file to; null = nothing */
  occupantOf: (path: string) => string | null
}

/** First in, first out. A person's word about a conflict comes before what waits behind it. Pure. */
export function planQueue(queue: readonly OpenEdit[], git: GitSide): QueuePlan {
  const { ended, rest } = settleWord(queue)
  for (const edit of rest) {
    const ending = endingOf(edit, git)
    if (ending !== null) ended.push(ending)
    else return { ended, ...judgeHead(edit, git) }
  }
  return { ended, conflict: null, ready: null }
}

/** The edit is in git: by our commit, or because git says the same already. */
function endingOf(edit: OpenEdit, git: GitSide): Ending | null {
  if (edit.landed !== null) return { edit, state: 'merged', commit: edit.landed, reason: null }
  if (takesAway(edit)) return null
  return edit.blob === git.blob ? ended(edit, 'merged', 'Git says the same already.') : null
}

function judgeHead(edit: OpenEdit, git: GitSide): Pick<QueuePlan, 'conflict' | 'ready'> {
  if (edit.baseBlob !== git.blob) return { ready: null, conflict: { edit, reason: clash(git.blob) } }
  const owner = edit.blob === null ? undefined : git.ownerOf(edit.name)
  if (owner !== undefined && owner !== edit.path)
    return {
      ready: null,
      conflict: { edit, reason: `Git has a workflow ${edit.name} at ${owner} now; discard this one.` }
    }
  const occupant = takesAway(edit) ? git.occupantOf(edit.newPath) : null
  if (occupant === null) return { ready: edit, conflict: null }
  return { ready: null, conflict: { edit, reason: `Git has a file ${occupant} now; discard this one.` } }
}

function clash(blob: string | null): string {
  return blob === null ? 'Git has deleted it meanwhile.' : 'Git has changed it meanwhile.'
}

/** "Keep git" ends the edit in conflict; "keep portal", or a text of both, takes its place, made from what git has now. */
function settleWord(queue: readonly OpenEdit[]): { ended: Ending[]; rest: readonly OpenEdit[] } {
  const stuck = queue.find((edit) => edit.state === 'conflict')
  const word = queue.find((edit) => edit.state === 'open' && isWord(edit))
  if (word === undefined) return { ended: [], rest: queue }
  const others = queue.filter((edit) => edit !== stuck && edit !== word)
  if (word.action !== 'keep-git') {
    const reason = word.action === 'resolve' ? `${word.author} wrote a text of both.` : `${word.author} kept it.`
    return { ended: stuck ? [ended(stuck, 'superseded', reason)] : [], rest: [word, ...others] }
  }
  const endings = stuck ? [ended(stuck, 'discarded', `${word.author} kept git's text.`)] : []
  return { ended: [...endings, ended(word, 'merged', null)], rest: others }
}

function isWord({ action }: OpenEdit): boolean {
  return action === 'keep-git' || action === 'keep-portal' || action === 'resolve'
}

function ended(edit: OpenEdit, state: Ending['state'], reason: string | null): Ending {
  return { edit, state, commit: null, reason }
}
