import { createHash } from 'node:crypto'
import type { EditRequest } from '../contract/index.ts'
import type { EditRow } from '../store/index.ts'
import { iso } from './view-run.ts'

/** An entity tag of a text: what If-Match must name. */
export function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`
}

/** `paused`: why nothing goes to git at all; null = it does. */
export function editView(edit: EditRow, paused: string | null): EditRequest {
  const { id, path, newPath, name, action, state, message, author, commit } = edit
  const reason = state === 'open' && paused !== null ? paused : edit.reason
  return {
    id,
    path,
    newPath,
    name,
    action,
    state,
    message,
    author,
    reason,
    commit,
    createdAt: edit.createdAt.toISOString(),
    endedAt: iso(edit.endedAt)
  }
}

/** The name that the text to edit has: a rename may be on its way. */
export function nameOf(name: string, edits: readonly EditRow[]): string {
  return edits.findLast((edit) => edit.text !== null && edit.state === 'open')?.name ?? name
}

/** The base of a new edit is the text of the last queued one. */
export function headOf(text: string, edits: readonly EditRow[]): string {
  const saves = edits.filter((edit) => edit.text !== null && edit.state === 'open')
  return saves.at(-1)?.text ?? text
}
