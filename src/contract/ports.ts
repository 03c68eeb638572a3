import type {
  ChangeBody,
  CheckResult,
  CheckStep,
  Gitops,
  GitopsBody,
  HostKeyList,
  OpenEditsWord,
  Plan,
  PlanBody,
  Preview,
  PushAnswer,
  PushQuestion,
  SyncStatus
} from './gitops.ts'

/** What must answer at once, or is a command and no insert: handed to `api` by `main`. All reject with AppError. */
export interface SyncPort {
  settings(project: string): Promise<Gitops>
  status(project: string): Promise<SyncStatus>
  /** stores settings; another url, branch or path while enabled is refused: that is a change */
  save(project: string, body: GitopsBody): Promise<Gitops>
  /** `tell`: each step as it ends */
  check(project: string, body: GitopsBody | null, tell: (step: CheckStep) => void): Promise<CheckResult>
  /** a new SSH key; the one before is forgotten */
  generateKey(project: string): Promise<Gitops>
  /** what the host shows now; nothing is stored */
  hostKeys(project: string, url: string): Promise<HostKeyList>
  /** a new secret for the webhook of the git host; answered once */
  makeHookSecret(project: string): Promise<string>
  /** a webhook knocks, with its body as it comes; false = it does not know the secret */
  hook(
    project: string,
    call: { body: AsyncIterable<Uint8Array>; headers: Readonly<Record<string, string | string[] | undefined>> }
  ): Promise<boolean>
  /** of the stored settings, or of these */
  preview(project: string, body: GitopsBody | null): Promise<Preview>
  /** what a pass would do now, or if these files were pushed; refused where GitOps is off */
  plan(project: string, body: PlanBody): Promise<Plan>
  /** `author`: whose edits the export of what is here already becomes */
  enable(project: string, options: { create: boolean; author: { name: string; email: string } }): Promise<Gitops>
  change(
    project: string,
    order: { body: ChangeBody; author: { name: string; email: string }; user: string }
  ): Promise<Gitops>
  disable(
    project: string,
    order: { openEdits: OpenEditsWord | null; workflows: 'keep' | 'delete'; user: string }
  ): Promise<Gitops>
  restoreWorkflows(project: string): Promise<Gitops>
  /** no pass begins from here on; answers when none is under way, or after 20 s */
  pause(project: string, user: string): Promise<Gitops>
  resume(project: string): Promise<Gitops>
  /** a knock; answers when the pass it asked for has ended or after 20 s */
  syncNow(project: string): Promise<SyncStatus>
  accept(project: string, withheld: string, user: string): Promise<SyncStatus>
  /** of one commit or one file; rejects with `sync/bad-question` */
  explain(project: string, question: PushQuestion): Promise<PushAnswer>
  /** ends an open or conflicting edit request by a person's word; its text stays readable */
  discard(project: string, editRequest: string, user: string): Promise<void>
  /** resolves when the edit request has ended or the time is over */
  waitForEdit(project: string, editRequest: string, ms: number): Promise<void>
}

export interface RunsPort {
  /** why this workflow cannot run now, or null: compiles, guardrails, infrastructure */
  preflight(
    project: string,
    wish: { workflow: string; parameters: Record<string, string>; infrastructureId: string | null }
  ): Promise<string | null>
  /** a person's word to a step that waits */
  approve(order: {
    project: string
    run: string
    step: string
    outcome: import('../domain/index.ts').ApprovalOutcome
    user: string
    reason: string | null
  }): Promise<void>
  stop(project: string, run: string, user: string, reason: string): Promise<void>
  /** stops every run of the project, and lets none start until it is released; null: of every project */
  engageKillSwitch(project: string | null, by: { user: string; reason: string }): Promise<void>
  releaseKillSwitch(project: string | null): Promise<void>
  /** the clock may start the workflow from now on, or may not any more */
  switchSchedule(order: { project: string; workflow: string; user: string; to: 'active' | 'paused' }): Promise<void>
  saveGuardrails(project: string, guardrails: import('../domain/index.ts').Guardrails): Promise<void>
  /** leases the next run of this infrastructure to the agent and tells it of stops; waits up to `waitMs` */
  tasks(
    infrastructure: string,
    holding: readonly string[],
    waitMs: number,
    signal: AbortSignal
  ): Promise<import('./agent-channel.ts').AgentTask[]>
  renew(infrastructure: string, run: string, lease: number): Promise<import('./agent-channel.ts').Renewed>
}

/** What `trigger` is asked by other rooms. */
export interface TriggerPort {
  /** the expressions that the policies for this infrastructure ask about its workloads, at most 500 */
  askedPaths(infrastructure: string): Promise<string[]>
  /** what the policies of a project would make of a change; `policy` is the text of one that is not saved */
  simulate(
    project: string,
    question: {
      change:
        | { kind: 'stored'; id: string }
        | { kind: 'pasted'; pasted: import('../domain/index.ts').PastedChange }
        | { kind: 'told'; happening: import('../domain/index.ts').Happening }
      policy: string | null
    }
  ): Promise<import('./policy.ts').Simulation>
}

/** What the owner of a hook says of it. */
export interface HookWish {
  name: string
  workflow: string
  infrastructureId: string | null
  parameters: Record<string, string>
  only: Record<string, string>
  limit: { runs: number; perSeconds: number }
  paused: boolean
}

type WhichHook = { project: string; id: string }

/** Hooks that start something. */
export interface HooksPort {
  /** its secret is answered once */
  make(
    project: string,
    wish: HookWish & { kind: import('../domain/index.ts').HookKind }
  ): Promise<{ id: string; secret: string }>
  change(which: WhichHook, wish: HookWish): Promise<void>
  renewSecret(which: WhichHook): Promise<string>
  remove(which: WhichHook): Promise<void>
  /** another system calls, with its body as it came; null = it does not know the secret, or there is no such hook */
  hear(
    id: string,
    call: { headers: Readonly<Record<string, string | string[] | undefined>>; body: Buffer }
  ): Promise<{ outcome: import('../domain/index.ts').HookOutcome; reason: string; request: string | null } | null>
}
