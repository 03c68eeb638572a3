import { revisionsInGit, type Tx } from '../store/index.ts'
import { noteOverwritten } from '../store/sync/write.ts'

/** revisions that were in git last and that are looked at */
const LOOKED_AT = 12

export interface GitRevision {
  number: number
  text: string
  author: string
}

/**
 * Notes at edits of the portal that were in git that a commit of somebody else has rewritten them: each was kept until
 * this revision and is so no more. One that made the workflow is not among them: changing it is what workflows are for.
 */
export async function noteWhatIsOverwritten(tx: Tx, definitionId: string, git: GitRevision): Promise<void> {
  const before = await revisionsInGit(tx, definitionId, { below: git.number, limit: LOOKED_AT })
  const last = before.at(-1)
  if (last === undefined) return
  for (const [index, edit] of before.entries()) {
    const base = before[index - 1]
    if (base === undefined || edit.origin !== 'portal' || edit.author === git.author || edit.overwrittenBy !== null)
      continue
    const change = { before: base.text, after: edit.text }
    if (keepsEdit(change, last.text) && !keepsEdit(change, git.text))
      await noteOverwritten(tx, { definitionId, number: edit.number }, git.number)
  }
}

/**
 * Whether a text still has what an edit has changed: no line that it added is gone, none that it removed is back. Lines
 * are counted, not placed: one that only moves is kept. Pure.
 */
export function keepsEdit({ before, after }: { before: string; after: string }, text: string): boolean {
  const [was, became, now] = [countLines(before), countLines(after), countLines(text)]
  const touched = [...new Set([...was.keys(), ...became.keys()])]
  return touched.every((line) => {
    const [from, to, count] = [was.get(line) ?? 0, became.get(line) ?? 0, now.get(line) ?? 0]
    return to === from || (to > from ? count >= to : count <= to)
  })
}

function countLines(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const line of text.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}
