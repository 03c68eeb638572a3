import type { DefinitionConflict } from '../store/index.ts'
import type { Authorship } from './authorship.ts'

/** What a plan is applied with. */
export interface ApplyContext {
  project: string
  now: Date
  /** who wrote what git has at a path, and in which commit */
  authorOf: (path: string) => Authorship
  /** definition → git's side of the conflict that people see now */
  conflicts: ReadonlyMap<string, DefinitionConflict>
}
