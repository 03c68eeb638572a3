import type { NewCommit, Person, PushResult } from '../git/index.ts'
import { AppError } from '../platform/index.ts'
import { noteTries } from '../store/sync/write.ts'
import type { Desk, Place } from './desk.ts'
import type { OpenEdit } from './plan-input.ts'
import { takesAway } from './renames.ts'

/** Edits that the git host does not take, each with its reason; the others go on. */
export type Rejections = Map<string, AppError>

export interface PushOrder {
  /** what the commits go on top of, and what the branch must still have */
  tip: string
  ready: readonly OpenEdit[]
  signal: AbortSignal
}

/**
 * - `nothing`: none to push, or none that the host takes
 * - `pushed`: read the branch back to see them there
 * - `race`: the branch has moved; look again
 */
export type PushOutcome = 'nothing' | 'pushed' | 'race'

/** One commit for each edit, all in one push; where the host refuses that, each by itself, so that one harms no other. */
export async function pushEdits(
  desk: Desk,
  place: Place,
  order: PushOrder,
  rejections: Rejections
): Promise<PushOutcome> {
  const edits = order.ready.filter((edit) => !rejections.has(edit.id))
  if (edits.length === 0) return 'nothing'
  const together = await pushChain(desk, place, { ...order, ready: edits })
  if (together.kind === 'race') return 'race'
  if (together.kind === 'pushed') return 'pushed'
  const [only, ...more] = edits
  if (only === undefined || more.length === 0) return reject(edits, together, rejections)
  for (const edit of edits) {
    const alone = await pushChain(desk, place, { ...order, ready: [edit] })
    if (alone.kind === 'rejected') reject([edit], alone, rejections)
    else return alone.kind
  }
  return 'nothing'
}

async function pushChain(desk: Desk, place: Place, { tip, ready, signal }: PushOrder): Promise<PushResult> {
  const head = await commitChain(desk, place, { tip, ready })
  if (head === null) return { kind: 'race' }
  return desk.git.push(place.remote, place.repo, { branch: place.settings.branch, commit: head, expected: tip, signal })
}

/**
 * A commit for each edit, one on top of the other. Their ids are noted before they are pushed: that is how they are
 * known again, whatever ends this process now. Edits that have ended meanwhile fall out. Null: none is left.
 */
async function commitChain(
  desk: Desk,
  place: Place,
  { tip, ready }: Pick<PushOrder, 'tip' | 'ready'>
): Promise<string | null> {
  let edits = ready
  while (edits.length > 0) {
    const commits = await desk.git.writeCommits(
      place.repo,
      tip,
      edits.map((edit) => commitOf(edit, desk.committer))
    )
    const tries = edits.map(({ id }, index) => ({ id, commit: commits[index] ?? '' }))
    const open = await noteTries(desk.store.db, tries, place.settings.epoch)
    if (open.size === edits.length) return commits.at(-1) ?? null
    edits = edits.filter(({ id }) => open.has(id))
  }
  return null
}

function commitOf(edit: OpenEdit, committer: Person): NewCommit {
  return {
    changes: takesAway(edit)
      ? [
          { path: edit.path, text: null },
          { path: edit.newPath, text: edit.text }
        ]
      : [{ path: edit.path, text: edit.text }],
    message: edit.message,
    author: { name: edit.author, email: edit.authorEmail },
    committer,
    // a fixed date: the same edit on the same parent is the same commit, however often it is tried
    at: edit.createdAt
  }
}

function reject(
  edits: readonly OpenEdit[],
  { code, message }: Extract<PushResult, { kind: 'rejected' }>,
  rejections: Rejections
): 'nothing' {
  for (const edit of edits) rejections.set(edit.id, new AppError({ code, kind: 'stalled', message }))
  return 'nothing'
}
