import { type Static, Type } from 'typebox'
import { WorkloadChange } from './change.ts'
import { Gitops } from './gitops.ts'
import { Infrastructure } from './infrastructure.ts'
import { GuardrailsDocument, KillSwitch, RunSummary } from './run.ts'
import { Time } from './shape.ts'
import { WorkflowSummary } from './workflow.ts'

/** The first screen: is git and the portal the same, what ran because of what, did it hold, what must I do. */
export const Overview = Type.Object({
  gitops: Gitops,
  infrastructures: Type.Array(Infrastructure),
  /** conflicts, invalid files, withheld deletions: how many, and the first of them by path */
  attention: Type.Object({
    total: Type.Integer(),
    first: Type.Array(WorkflowSummary)
  }),
  /** how many, and those that ran last */
  workflows: Type.Object({
    total: Type.Integer(),
    recent: Type.Array(WorkflowSummary)
  }),
  active: Type.Array(RunSummary),
  recent: Type.Array(RunSummary),
  /** what the clock starts next, the earliest first, and how many schedules wait for a person to activate them */
  schedules: Type.Object({
    next: Type.Array(Type.Object({ workflow: Type.String(), words: Type.String(), at: Time })),
    paused: Type.Integer()
  }),
  changes: Type.Array(WorkloadChange),
  guardrails: GuardrailsDocument,
  killSwitch: KillSwitch.properties.engaged,
  checklist: Type.Object({
    gitConnected: Type.Boolean(),
    infrastructureConnected: Type.Boolean(),
    workflowAdded: Type.Boolean(),
    workloadOptedIn: Type.Boolean(),
    firstRun: Type.Boolean()
  })
})
export type Overview = Static<typeof Overview>
