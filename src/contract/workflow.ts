import { type Static, Type } from 'typebox'
import { ScheduleSummary } from './schedule.ts'
import {
  DefinitionKindWord,
  Id,
  Nullable,
  OneOf,
  ProblemItem,
  RunPhaseWord,
  SyncStateWord,
  Time,
  VerdictWord
} from './shape.ts'

const LastRun = Type.Object({
  id: Id,
  phase: RunPhaseWord,
  verdict: VerdictWord,
  score: Nullable(Type.Integer()),
  at: Time
})

/** One row of the list: a workflow, or a bad file of the repository (then `definition` is null where it never was good). */
export const WorkflowSummary = Type.Object({
  name: Type.String(),
  path: Type.String(),
  definition: Nullable(Id),
  /** null: a file that is not valid */
  kind: Nullable(DefinitionKindWord),
  revision: Nullable(Type.Integer()),
  sync: SyncStateWord,
  /** why it waits, is in conflict, invalid or withheld; for people */
  syncNote: Nullable(Type.String()),
  commit: Nullable(Type.String()),
  /** that brought the file as git has it now: of a bad one, `problems` are about that */
  fileCommit: Nullable(Type.String()),
  problems: Type.Array(ProblemItem),
  suspended: Nullable(Type.String()),
  /** null: it says nothing of when it starts */
  schedule: Nullable(ScheduleSummary),
  updatedAt: Time,
  lastRun: Nullable(LastRun),
  /** of the last ten completed runs, oldest first */
  scores: Type.Array(Nullable(Type.Integer()))
})
export type WorkflowSummary = Static<typeof WorkflowSummary>

export const EditRequest = Type.Object({
  id: Id,
  path: Type.String(),
  /** where it takes the file to; null = it stays */
  newPath: Nullable(Type.String()),
  name: Type.String(),
  action: OneOf(['save', 'rename', 'delete', 'restore', 'keep-git', 'keep-portal', 'resolve'] as const),
  state: OneOf(['open', 'conflict', 'merged', 'superseded', 'discarded'] as const),
  message: Type.String(),
  author: Type.String(),
  /** why it still waits */
  reason: Nullable(Type.String()),
  commit: Nullable(Type.String()),
  createdAt: Time,
  endedAt: Nullable(Time)
})
export type EditRequest = Static<typeof EditRequest>

const Conflict = Type.Object({
  gitText: Nullable(Type.String()),
  gitAuthor: Type.String(),
  gitCommit: Type.String(),
  gitAt: Time,
  portalText: Nullable(Type.String()),
  portalAuthor: Type.String(),
  portalAt: Time,
  /** what both were made from; null = it was new on both sides */
  baseText: Nullable(Type.String())
})

/** A commit of somebody else that has rewritten an edit in git. */
const Overwriting = Type.Object({
  revision: Type.Integer(),
  author: Type.String(),
  commit: Nullable(Type.String()),
  at: Time
})

const OverwrittenEdit = Type.Object({
  revision: Type.Integer(),
  author: Type.String(),
  message: Nullable(Type.String()),
  by: Overwriting
})

export const Workflow = Type.Object({
  ...WorkflowSummary.properties,
  /** the text that runs: git's last good one */
  text: Type.String(),
  /** the text to edit: the last open edit, else `text` */
  head: Type.String(),
  /** send it as If-Match with PUT and DELETE */
  etag: Type.String(),
  edits: Type.Array(EditRequest),
  conflict: Nullable(Conflict),
  /** the last edit of the portal that was in git and was rewritten there, until there is another edit */
  overwritten: Nullable(OverwrittenEdit)
})
export type Workflow = Static<typeof Workflow>

export const Revision = Type.Object({
  number: Type.Integer(),
  author: Type.String(),
  origin: OneOf(['git', 'portal'] as const),
  commit: Nullable(Type.String()),
  message: Nullable(Type.String()),
  createdAt: Time,
  /** of an edit that was in git: what has rewritten it there */
  overwritten: Nullable(Overwriting)
})
export type Revision = Static<typeof Revision>

/** `message` is the commit's. */
export const EditQuery = Type.Object({
  message: Type.Optional(Type.String({ maxLength: 500 }))
})

export const RenameBody = Type.Object({
  /** 1 to 63 of a-z, 0-9 and `-`, not `-` at the ends; the file is named so too */
  name: Type.String({ minLength: 1, maxLength: 200 })
})
export type RenameBody = Static<typeof RenameBody>

/** One of `keep` and `text`. */
export const ResolveBody = Type.Object({
  keep: Type.Optional(OneOf(['git', 'portal'] as const)),
  /** a manifest written of both */
  text: Type.Optional(Type.String({ minLength: 1, maxLength: 1_048_576 })),
  /** `conflict.gitCommit` as it was shown; 409 where git has another text by now */
  seen: Type.Optional(Type.String({ maxLength: 64 }))
})
export type ResolveBody = Static<typeof ResolveBody>

/** A workflow that was deleted, here or in git; what it was is kept. */
export const DeletedWorkflow = Type.Object({
  definition: Id,
  name: Type.String(),
  path: Type.String(),
  deletedAt: Time
})
export type DeletedWorkflow = Static<typeof DeletedWorkflow>

export const CatalogueDocument = Type.Object({
  faults: Type.Array(Type.Unknown()),
  probes: Type.Array(Type.Unknown())
})
