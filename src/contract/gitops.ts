import { type Static, Type } from 'typebox'
import { GIT_PROVIDERS, SYNC_STATES } from '../domain/index.ts'
import { Id, Nullable, OneOf, PageQuery, ProblemItem, RunOnPushWord, Time } from './shape.ts'

const ProxyBody = Type.Object({
  /** as `http://proxy.example.com:3128` */
  url: Type.String({ minLength: 1, maxLength: 500 }),
  username: Type.Optional(Type.String({ maxLength: 200 })),
  /** write-only; absent = keep the stored one of the same proxy and user, null = none */
  password: Type.Optional(Nullable(Type.String({ maxLength: 1_000 })))
})

export const GitopsBody = Type.Object({
  url: Type.String({ minLength: 1, maxLength: 2000 }),
  branch: Type.String({ minLength: 1, maxLength: 250 }),
  /** the project's folder in the repository; absent = as stored, at first litmus/<project-id> */
  path: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  /** what hosts the repository; absent = as stored, null = recognised by the address */
  provider: Type.Optional(Nullable(OneOf(GIT_PROVIDERS))),
  /** goes with the token; empty = the one that the provider wants */
  username: Type.Optional(Type.String({ maxLength: 200 })),
  /** write-only; absent = keep the stored one, null = none */
  token: Type.Optional(Nullable(Type.String({ maxLength: 10_000 }))),
  /** of one's own, for SSH addresses; write-only; absent = keep the stored one, null = none */
  privateKey: Type.Optional(Nullable(Type.String({ maxLength: 20_000 }))),
  passphrase: Type.Optional(Nullable(Type.String({ maxLength: 1_000 }))),
  /** lines of known_hosts that a person has confirmed; absent = keep the stored ones of the same host */
  hostKeys: Type.Optional(Nullable(Type.String({ maxLength: 50_000 }))),
  /** PEM of the authorities that the https host is held against; absent = as stored, null = the usual ones */
  ca: Type.Optional(Nullable(Type.String({ maxLength: 100_000 }))),
  /** for https; absent = as stored, null = the server's own, if it has one */
  proxy: Type.Optional(Nullable(ProxyBody)),
  /** what a push may start; absent = as stored, at first never */
  runOnPush: Type.Optional(RunOnPushWord),
  /** schedules that come from git are active at once; absent = as stored, at first false */
  activateSchedules: Type.Optional(Type.Boolean()),
  pollSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 }))
})
export type GitopsBody = Static<typeof GitopsBody>

const HostKey = Type.Object({
  type: Type.String(),
  /** as OpenSSH and git hosts show it: `SHA256:…` */
  fingerprint: Type.String(),
  /** what to send as `hostKeys` to confirm it */
  line: Type.String()
})

export const HostKeysBody = Type.Object({ url: Type.String({ minLength: 1, maxLength: 2000 }) })
export const HostKeyList = Type.Object({ keys: Type.Array(HostKey) })
export type HostKeyList = Static<typeof HostKeyList>

/** Shown once. The address is `/api/v1/hooks/git/<project>` of this server. */
export const HookSecret = Type.Object({ secret: Type.String(), path: Type.String() })

const Withheld = Type.Object({
  id: Id,
  kind: OneOf(['deletions', 'rewrite', 'missing-branch', 'missing-path'] as const),
  paths: Type.Array(Type.String()),
  createdAt: Time
})

export const SyncStatus = Type.Object({
  status: OneOf(['off', 'ready', 'reconciling', 'stalled', 'paused'] as const),
  /** by whom, and since when: no polls, no pushes, edits wait, automatic runs are suspended */
  paused: Nullable(Type.Object({ by: Type.String(), at: Time })),
  code: Nullable(Type.String()),
  message: Nullable(Type.String()),
  /** whose fault: ours, or yours (a credential, a branch, a rule of the git host) */
  cause: Nullable(OneOf(['ours', 'yours'] as const)),
  tip: Nullable(
    Type.Object({
      commit: Type.String(),
      author: Type.String(),
      subject: Type.String(),
      at: Time
    })
  ),
  syncedCommit: Nullable(Type.String()),
  syncedAt: Nullable(Time),
  checkedAt: Nullable(Time),
  nextCheckAt: Nullable(Time),
  openEdits: Type.Integer(),
  withheld: Type.Array(Withheld)
})
export type SyncStatus = Static<typeof SyncStatus>

/** The webhook of the git host. */
const Hook = Type.Object({
  /** where it knocks, with POST */
  url: Type.String(),
  hasSecret: Type.Boolean(),
  /** the last knock that knew the secret, and what the host called it */
  heardAt: Nullable(Time),
  event: Nullable(Type.String()),
  /** the last one that did not, and why */
  refusedAt: Nullable(Time),
  refusal: Nullable(Type.String()),
  /** the last change that it announced; null = none yet, or one came without it since */
  provedAt: Nullable(Time)
})

export const Gitops = Type.Object({
  enabled: Type.Boolean(),
  url: Type.String(),
  branch: Type.String(),
  path: Type.String(),
  /** as chosen; null = recognised by the address */
  provider: Nullable(OneOf(GIT_PROVIDERS)),
  /** empty = the one that the provider wants */
  username: Type.String(),
  hasToken: Type.Boolean(),
  /** the public half of the project's SSH key; null = there is none */
  publicKey: Nullable(Type.String()),
  /** of the host, confirmed by a person */
  hostKeys: Type.Array(HostKey),
  /** authorities that the https host is held against instead of the usual ones */
  ca: Type.Array(Type.Object({ subject: Type.String(), expiresAt: Time, fingerprint: Type.String() })),
  /** of the project; null = the server's own, if it has one */
  proxy: Nullable(Type.Object({ url: Type.String(), username: Type.String(), hasPassword: Type.Boolean() })),
  runOnPush: RunOnPushWord,
  activateSchedules: Type.Boolean(),
  hook: Hook,
  pollSeconds: Type.Integer(),
  /** seconds between two polls now: more than `pollSeconds` while the webhook has proved itself */
  pollsEvery: Type.Integer(),
  /** those that turning it off has deleted, and that can be restored together */
  deletedWorkflows: Nullable(Type.Object({ at: Time, count: Type.Integer() })),
  sync: SyncStatus
})
export type Gitops = Static<typeof Gitops>

const CheckStep = Type.Object({
  name: OneOf(['url', 'reach', 'host-key', 'authentication', 'branch', 'write'] as const),
  state: OneOf(['ok', 'attention', 'failed', 'skipped'] as const),
  message: Type.String(),
  /** of what failed; null where nothing did */
  code: Nullable(Type.String())
})
export type CheckStep = Static<typeof CheckStep>
export const CheckResult = Type.Object({
  ok: Type.Boolean(),
  steps: Type.Array(CheckStep)
})
export type CheckResult = Static<typeof CheckResult>

const PreviewItem = Type.Object({
  path: Type.String(),
  /** where its workflow is now; null = at this path, or it is none yet */
  from: Nullable(Type.String()),
  action: OneOf(['import', 'export', 'same', 'conflict', 'invalid', 'refused'] as const),
  /** of a file in git that says when it starts, in words; it comes paused unless the settings say otherwise */
  schedule: Nullable(Type.String()),
  problems: Type.Array(ProblemItem)
})
export const Preview = Type.Object({
  /** what enabling must make first */
  creates: OneOf(['nothing', 'branch', 'first-commit'] as const),
  items: Type.Array(PreviewItem)
})
export type Preview = Static<typeof Preview>

/** Files to be judged as if they were pushed; absent = what git has now. */
export const PlanBody = Type.Object({
  files: Type.Optional(
    Type.Array(
      Type.Object({
        /** from the root of the repository */
        path: Type.String({ minLength: 1, maxLength: 1000 }),
        /** null: it is there and is no regular file of UTF-8 text */
        text: Nullable(Type.String({ maxLength: 1_500_000 }))
      }),
      { maxItems: 2000 }
    )
  )
})
export type PlanBody = Static<typeof PlanBody>

const PLAN_ACTIONS = [
  'import',
  'change',
  'move',
  'delete',
  'export',
  'settle',
  'conflict',
  'withhold',
  'invalid',
  'refused'
] as const

const PlanItem = Type.Object({
  path: Type.String(),
  /**
   * import, change, move, delete: taken from git; export: an edit becomes a commit; settle: an edit ends, git says the same.
   * The others need a person: conflict, withhold (a deletion that waits for approval), invalid, refused (not even read).
   */
  action: OneOf(PLAN_ACTIONS),
  /** of the workflow; null where no good file says one */
  name: Nullable(Type.String()),
  /** for people: what happens, and why */
  note: Type.String(),
  /** the push starts a run of it */
  startsRun: Type.Boolean(),
  /** when it starts by itself, in words */
  schedule: Nullable(Type.String()),
  problems: Type.Array(ProblemItem)
})
export type PlanItem = Static<typeof PlanItem>

/** What a pass would do; nothing is changed. */
export const Plan = Type.Object({
  branch: Type.String(),
  /** of the project, in the repository */
  folder: Type.String(),
  /** the tip that was looked at; null = none is there, or files were given */
  commit: Nullable(Type.String()),
  /** what git and Faultline agreed on last */
  syncedCommit: Nullable(Type.String()),
  /** why nothing at all is taken from git before a person approves it */
  withheld: Nullable(Type.String()),
  items: Type.Array(PlanItem)
})
export type Plan = Static<typeof Plan>

export const EnableBody = Type.Object({
  /** agreed by a person: make the missing branch, or the first commit of an empty repository */
  create: Type.Optional(Type.Boolean())
})

/**
 * What becomes of edits that wait for git: pushed first, else nothing is changed; applied here, or to the other
 * repository; discarded, their texts stay readable.
 */
const OpenEditsWord = OneOf(['push', 'apply', 'discard'] as const)
export type OpenEditsWord = Static<typeof OpenEditsWord>

/** Settings with another repository, branch or folder; what is absent is as it is for a save, but `activateSchedules`. */
export const ChangeBody = Type.Object({
  ...GitopsBody.properties,
  /** schedules that come from the other repository are active at once; absent = false */
  activateSchedules: Type.Optional(Type.Boolean()),
  /** agreed by a person, as with enabling */
  create: Type.Optional(Type.Boolean()),
  /** needed only where edits wait */
  openEdits: Type.Optional(OpenEditsWord)
})
export type ChangeBody = Static<typeof ChangeBody>

export const DisableBody = Type.Object({
  /** needed only where edits wait */
  openEdits: Type.Optional(OpenEditsWord),
  /** what becomes of the workflows that are in git; absent = keep. A deletion is soft, and git keeps its files */
  workflows: Type.Optional(OneOf(['keep', 'delete'] as const))
})
export type DisableBody = Static<typeof DisableBody>

export const PushQuestion = Type.Object({
  /** 7 to 40 digits of its id */
  commit: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{7,40}$' })),
  /** of a file, from the root of the repository */
  path: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 }))
})
export type PushQuestion = Static<typeof PushQuestion>

/** Why a push did nothing, or what it did. */
export const PushAnswer = Type.Object({
  code: OneOf([
    'off',
    'paused',
    'stalled',
    'withheld',
    'not-seen',
    'outside',
    'not-yaml',
    'missing',
    'invalid',
    'refused',
    'conflict',
    'overtaken',
    'same',
    'own',
    'taken'
  ] as const),
  /** for people: what, where, and what to do */
  sentence: Type.String(),
  /** the file that it is about, and the line in it */
  path: Nullable(Type.String()),
  line: Nullable(Type.Integer())
})
export type PushAnswer = Static<typeof PushAnswer>

/** A file of the project's folder in the repository, or one on its way there. */
export const RepositoryFile = Type.Object({
  path: Type.String(),
  /** `ignored`: Faultline leaves it alone; the note says why */
  state: OneOf([...SYNC_STATES, 'ignored'] as const),
  /** why it is so, for people */
  note: Nullable(Type.String()),
  /** the workflow that it is */
  workflow: Nullable(Type.String()),
  /** the last one that changed it; null = it is not in git yet */
  commit: Nullable(Type.String()),
  problems: Type.Array(ProblemItem)
})
export type RepositoryFile = Static<typeof RepositoryFile>

export const FileQuery = Type.Object({
  ...PageQuery.properties,
  /** in the path */
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 200 }))
})

const PASS_OUTCOMES = ['changed', 'failed', 'withheld', 'nothing'] as const

/** `nothing`: the branch went on, and nothing of the project changed; such passes in a row are one line. */
export const Pass = Type.Object({
  id: Id,
  startedAt: Time,
  endedAt: Time,
  outcome: OneOf(PASS_OUTCOMES),
  /** what was synced before; null = nothing */
  from: Nullable(Type.String()),
  tip: Nullable(Type.String()),
  message: Nullable(Type.String()),
  /** how many items of each action it has, as `{"create": 2}` */
  counts: Type.Record(Type.String(), Type.Integer())
})
export type Pass = Static<typeof Pass>

export const PassQuery = Type.Object({
  ...PageQuery.properties,
  outcome: Type.Optional(OneOf(PASS_OUTCOMES))
})
export type PassQuery = Static<typeof PassQuery>

/** What one pass did, at most 1000 of it. */
export const PassItems = Type.Object({
  items: Type.Array(
    Type.Object({
      path: Type.String(),
      action: Type.String(),
      note: Type.String(),
      /** there is a difference of texts to be read */
      hasTexts: Type.Boolean()
    })
  )
})
export type PassItems = Static<typeof PassItems>

/** Of the definition at a path, before and after the pass; null = it was not there. */
export const PassTexts = Type.Object({
  before: Nullable(Type.String()),
  after: Nullable(Type.String()),
  /** one of them is larger than 256 KiB: neither is given */
  tooLarge: Type.Boolean()
})
export type PassTexts = Static<typeof PassTexts>
