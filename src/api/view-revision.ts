import type { Revision, Workflow } from '../contract/index.ts'
import {
  type Db,
  type listRevisions,
  type Overwriting,
  overwritings,
  overwrittenEdit,
  type Tx
} from '../store/index.ts'

type RevisionRow = Awaited<ReturnType<typeof listRevisions>>[number]
type Overwritings = ReadonlyMap<number, Overwriting>

/** By number, what has rewritten some of these in git. */
export async function overwritingsOf(
  db: Db | Tx,
  definitionId: string,
  rows: readonly Pick<RevisionRow, 'overwrittenBy'>[]
): Promise<Overwritings> {
  const numbers = rows.flatMap(({ overwrittenBy }) => (overwrittenBy === null ? [] : [overwrittenBy]))
  const found = await overwritings(db, definitionId, numbers)
  return new Map(found.map((row) => [row.number, row]))
}

export function revisionView(
  { number, author, origin, commit, message, createdAt, overwrittenBy }: RevisionRow,
  found: Overwritings
): Revision {
  const overwritten = overwrittenBy === null ? null : overwritingView(found.get(overwrittenBy))
  return { number, author, origin, commit, message, createdAt: createdAt.toISOString(), overwritten }
}

export async function overwrittenView(db: Tx, definitionId: string): Promise<Workflow['overwritten']> {
  const edit = await overwrittenEdit(db, definitionId)
  if (edit === undefined) return null
  const found = await overwritingsOf(db, definitionId, [edit])
  const by = overwritingView(found.get(edit.overwrittenBy ?? 0))
  return by === null ? null : { revision: edit.number, author: edit.author, message: edit.message, by }
}

function overwritingView(row: Overwriting | undefined): Revision['overwritten'] {
  if (row === undefined) return null
  const { number, author, commit, createdAt } = row
  return { revision: number, author, commit, at: createdAt.toISOString() }
}
