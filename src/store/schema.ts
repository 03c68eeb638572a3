import type { ColumnType, Generated } from 'kysely'
import type {
  DefinitionKind,
  EngineSetting,
  GitProvider,
  HookKind,
  HookOutcome,
  Observation,
  Problem,
  RunOnPush,
  TokenScope
} from '../domain/index.ts'
import type { Json, NullableJson, NullableTime, Time } from './columns.ts'
import type {
  ApprovalTable,
  FactTable,
  GuardrailTable,
  KillSwitchTable,
  RunRequestTable,
  RunTable,
  ScheduleTable,
  ServerKillSwitchTable,
  StepTable,
  StopTable
} from './runs/tables.ts'

export type * from './runs/tables.ts'

/**
 * All tables. One room writes each: its owner (`store/<owner>/write.ts`). The list table → owner is in ARCHITECTURE.md.
 * JSON columns hold plain data; ids are 26-character ids of `platform/ids`, but project ids, which people choose.
 */
export interface Database {
  users: UserTable
  sessions: SessionTable
  projects: ProjectTable
  members: MemberTable
  infrastructures: InfrastructureTable
  infrastructureGrants: InfrastructureGrantTable
  agentKeys: AgentKeyTable
  apiTokens: ApiTokenTable
  invitations: InvitationTable
  audit: AuditTable
  gitopsSettings: GitopsSettingsTable
  syncState: SyncStateTable
  definitions: DefinitionTable
  revisions: RevisionTable
  files: FileTable
  editRequests: EditRequestTable
  withheld: WithheldTable
  passes: PassTable
  runRequests: RunRequestTable
  runs: RunTable
  steps: StepTable
  facts: FactTable
  stops: StopTable
  approvals: ApprovalTable
  guardrails: GuardrailTable
  killSwitches: KillSwitchTable
  serverKillSwitch: ServerKillSwitchTable
  schedules: ScheduleTable
  observations: ObservationTable
  workloadChanges: WorkloadChangeTable
  decisions: DecisionTable
  hooks: HookTable
  hookEvents: HookEventTable
}

/* accounts */

export interface UserTable {
  id: string
  login: string
  name: string
  email: string | null
  /** argon2id, PHC string */
  passwordHash: string
  mustChangePassword: boolean
  /** may make further users */
  isAdmin: ColumnType<boolean, boolean | undefined, boolean>
  /** null: may sign in */
  deactivatedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
  createdAt: Time
}

export interface SessionTable {
  /** SHA-256 of the cookie's token */
  tokenHash: string
  userId: string
  csrfToken: string
  createdAt: Time
  expiresAt: Time
}

export interface ProjectTable {
  /** DNS label, chosen at creation, never changed */
  id: string
  name: string
  createdAt: Time
}

export interface MemberTable {
  projectId: string
  userId: string
  role: 'owner' | 'executor' | 'viewer'
}

export interface InfrastructureTable {
  id: string
  /** unique, also among the aliases, of those that were not removed */
  name: string
  /** names that it had before: files may still name it by them */
  aliases: ColumnType<string[], string | undefined, string>
  kind: 'local' | 'kubernetes'
  environment: 'prod' | 'non-prod'
  /** of a cluster: the only one that its agent observes; null = all */
  namespace: ColumnType<string | null, string | null | undefined, never>
  engine: ColumnType<EngineSetting, string | undefined, string>
  createdAt: Time
  /** SHA-256 of the one-time registration token; null once used */
  registrationHash: string | null
  agentVersion: string | null
  /** its agent lets probes run commands */
  allowCommands: boolean
  /** runs of the project that manages it may harm whole nodes */
  nodeFaults: ColumnType<boolean, boolean | undefined, boolean>
  /** of a cluster: kinds beside Deployment, StatefulSet and DaemonSet that its agent observes, as `--watch` takes them */
  watch: ColumnType<string[], string | undefined, string>
  seenAt: NullableTime
  /** null: in use; the row stays, since runs name it */
  removedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
}

export interface InfrastructureGrantTable {
  infrastructureId: string
  projectId: string
  isDefault: boolean
  /** the project whose owners rename, remove and register it: that which added it */
  manages: ColumnType<boolean, boolean | undefined, boolean>
}

export interface AgentKeyTable {
  keyHash: string
  infrastructureId: string
  createdAt: Time
  /** null: it was given to be the next one; the one before it works until this one is used */
  usedAt: ColumnType<Date | null, Date | null, Date>
  /** null: it works */
  endedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
}

export interface ApiTokenTable {
  id: string
  /** SHA-256 of the token */
  tokenHash: string
  userId: string
  name: string
  scopes: Json<TokenScope[]>
  /** the only project that it is for; null = all of the user's */
  projectId: string | null
  createdAt: Time
  expiresAt: Time
  lastUsedAt: NullableTime
}

export interface InvitationTable {
  id: string
  /** SHA-256 of the link's token */
  tokenHash: string
  login: string
  name: string
  email: string | null
  /** to be a member of, with the role; null = of none yet */
  projectId: string | null
  role: MemberTable['role'] | null
  /** login */
  invitedBy: string
  createdAt: Time
  expiresAt: Time
}

export interface AuditTable {
  id: string
  at: Time
  /** login, or `system` */
  actor: string
  /** of the client, as trusted proxies tell it; null: done by the server itself, or before it was kept */
  address: ColumnType<string | null, string | null | undefined, string | null>
  action: string
  projectId: string | null
  target: string
  before: NullableJson<unknown>
  after: NullableJson<unknown>
}

/* sync */

export interface GitopsSettingsTable {
  projectId: string
  /** off by default */
  enabled: boolean
  url: string
  branch: string
  /** the project's folder in the repository */
  path: string
  username: string
  /** encrypted: version, nonce, ciphertext, tag; null = no credential */
  tokenSealed: Buffer | null
  /** private key of the project, sealed as the token is; for SSH addresses */
  sshKeySealed: Buffer | null
  sshPassphraseSealed: Buffer | null
  /** one line, to be pasted at the git host */
  sshPublicKey: string | null
  /** a line `type key` for each key of the host that a person has confirmed */
  hostKeys: string | null
  /** what hosts the repository; null = recognised by its address */
  provider: GitProvider | null
  /** PEM of the authorities that an https host is held against; null = the usual ones */
  ca: string | null
  /** for https; null = the server's own, if it has one */
  proxyUrl: string | null
  proxyUsername: string
  /** sealed as the token is */
  proxyPasswordSealed: Buffer | null
  /** of the git host's webhook; null = there is none */
  hookSecretSealed: Buffer | null
  /** what a push may start */
  runOnPush: RunOnPush
  /** schedules that come from git are active at once */
  activateSchedules: ColumnType<boolean, boolean | undefined, boolean>
  pollSeconds: number
  /** grows with each change of url, branch, path or credential: a pass under way of an older epoch writes nothing */
  epoch: number
  enabledAt: NullableTime
  /** who has paused it, as people read it; null = nobody. While it is set there are no polls and no pushes */
  pausedBy: string | null
  pausedAt: NullableTime
  /** when turning it off deleted the workflows that came from git; null = it did not, or they are back */
  workflowsDeletedAt: NullableTime
  updatedAt: Time
}

export interface SyncStateTable {
  projectId: string
  status: 'ready' | 'reconciling' | 'stalled'
  code: string | null
  message: string | null
  cause: 'ours' | 'yours' | null
  /** the commit whose contents the definitions show */
  syncedCommit: string | null
  syncedAt: NullableTime
  tipCommit: string | null
  tipAuthor: string | null
  tipSubject: string | null
  tipAt: NullableTime
  checkedAt: NullableTime
  nextCheckAt: NullableTime
  failures: number
  /** a knock: sync now, whatever the clock says */
  knockedAt: NullableTime
  /** when a webhook knocked last */
  hookAt: NullableTime
  /** what it called that, for example `push` */
  hookEvent: string | null
  /** the last knock that was not heard, and why, for people */
  hookRefusedAt: NullableTime
  hookRefusal: string | null
  /** the last change that a webhook announced, unless one came without it since: then polling need not hurry */
  hookProvedAt: NullableTime
  lease: string | null
  leasedUntil: NullableTime
}

export interface DefinitionTable {
  id: string
  projectId: string
  kind: DefinitionKind
  /** identity within the project */
  path: string
  name: string
  /** names that it had before */
  aliases: ColumnType<string[], string | undefined, string>
  /** number of the revision shown and run: git's last good text, or the portal's with GitOps off */
  revision: number
  /** of git's last good text; null = not in git */
  gitBlob: string | null
  gitCommit: string | null
  /** no automatic run starts while set: why (withheld deletion, requested deletion, missing branch) */
  suspended: string | null
  /** while a conflict: git's side; null text = deleted there */
  conflict: NullableJson<DefinitionConflict>
  createdAt: Time
  updatedAt: Time
  deletedAt: NullableTime
}

export interface DefinitionConflict {
  gitText: string | null
  gitBlob: string | null
  gitCommit: string
  gitAuthor: string
  gitAt: string
  editRequestId: string
}

export interface RevisionTable {
  definitionId: string
  number: number
  text: string
  /** git's blob id of the text */
  blob: string
  sha256: string
  author: string
  /** `git`: pushed there; `portal`: saved here */
  origin: 'git' | 'portal'
  commit: string | null
  message: string | null
  createdAt: Time
  /** of an edit that was in git: the later revision that has rewritten it there, a commit of somebody else */
  overwrittenBy: number | null
}

/** The last seen state of each file of the project's folder, good or bad. */
export interface FileTable {
  projectId: string
  path: string
  blob: string
  commit: string
  /** `ignored`: it is no manifest by its name */
  state: 'good' | 'invalid' | 'refused' | 'ignored'
  problems: NullableJson<Problem[]>
  /** of the rules that judged it: judged again when they change */
  rulesVersion: string
  seenAt: Time
}

export interface EditRequestTable {
  id: string
  projectId: string
  /** FIFO within a definition's path */
  number: Generated<number>
  path: string
  /** where it takes the file to; null = it stays */
  newPath: ColumnType<string | null, string | null | undefined, string | null>
  /** the workflow's, once it is merged */
  name: string
  action: 'save' | 'rename' | 'delete' | 'restore' | 'keep-git' | 'keep-portal' | 'resolve'
  /** git's id of the text that it was made from: what git or the edit before it has at this path; null = nothing */
  baseBlob: string | null
  text: string | null
  message: string
  author: string
  authorEmail: string
  state: 'open' | 'conflict' | 'merged' | 'superseded' | 'discarded'
  /** SHA of each commit tried, written before its push: how our own commits are recognised */
  tries: Json<string[]>
  /** why it is still waiting, for people */
  reason: string | null
  commit: string | null
  createdAt: Time
  endedAt: NullableTime
}

export interface WithheldTable {
  id: string
  projectId: string
  kind: 'deletions' | 'rewrite' | 'missing-branch' | 'missing-path'
  /** what a person is asked to accept: the paths that would be deleted, the commits before and after */
  detail: Json<WithheldDetail>
  state: 'waiting' | 'accepted' | 'gone'
  acceptedBy: string | null
  createdAt: Time
  endedAt: NullableTime
}

export interface WithheldDetail {
  /** identifies what was withheld: an acceptance counts for this only */
  tip: string | null
  before: string | null
  paths: string[]
}

export interface PassTable {
  id: string
  projectId: string
  startedAt: Time
  endedAt: Time
  /** `nothing`: the branch went on, and nothing of the project changed; passes of an unmoved branch are not kept */
  outcome: 'changed' | 'failed' | 'withheld' | 'nothing'
  /** what was synced before; null = nothing */
  fromCommit: ColumnType<string | null, string | null | undefined, string | null>
  tip: string | null
  code: string | null
  message: string | null
  items: Json<PassItem[]>
}

export interface PassItem {
  path: string
  action: 'create' | 'update' | 'delete' | 'move' | 'commit' | 'conflict' | 'reject' | 'withhold' | 'restore' | 'run'
  /** one line for people */
  note: string
  /** of the definition, before and after the pass, where they are not the same; null = it was not there */
  revisions?: { definition: string; before: number | null; after: number | null }
}

/* trigger */

export interface ObservationTable {
  infrastructureId: string
  uid: string
  number: number
  body: Json<Observation>
  receivedAt: Time
  /** null until trigger has compared it */
  comparedAt: NullableTime
}

export interface WorkloadChangeTable {
  id: string
  infrastructureId: string
  uid: string
  /** the observation that first showed it */
  number: number
  kind: string
  namespace: string
  name: string
  before: Json<Observation>
  after: Json<Observation>
  /** waiting for a healthy rollout or for the time of a policy, or decided */
  state: 'waiting' | 'decided'
  /** when its rollout was seen to be healthy */
  healthyAt: NullableTime
  /** when the next of its policies is due, while it waits */
  lookAt: NullableTime
  createdAt: Time
  decidedAt: NullableTime
}

export interface DecisionTable {
  id: string
  changeId: string
  projectId: string | null
  /** null: no policy, the workload's own annotation */
  policyId: string | null
  /** its name at that time */
  policy: string | null
  /** as the workload or the policy asked for it; null where none was asked for */
  workflow: string | null
  /** failed: not triggered, and somebody should look */
  outcome: 'triggered' | 'not-triggered' | 'failed'
  /** one sentence for people */
  reason: string
  runRequestId: string | null
  createdAt: Time
}

export interface HookTable {
  id: string
  projectId: string
  /** unique in its project */
  name: string
  kind: HookKind
  /** by name or id, as whoever made the hook wrote it */
  workflow: string
  /** null = as the workflow's label, or the project's default, says */
  infrastructureId: string | null
  /** with placeholders `{{event.…}}` */
  parameters: Json<Record<string, string>>
  /** patterns by the path of a value: only an event that fits all starts something */
  onlyWhere: Json<Record<string, string>>
  /** at most so many runs in so many seconds */
  limitRuns: number
  limitSeconds: number
  paused: boolean
  /** SHA-256 of a token that callers send; null = they sign */
  secretHash: string | null
  /** of callers that sign: the key, as other credentials are sealed */
  secretSealed: Buffer | null
  /** the last call that did not know the secret, and why, for people */
  refusedAt: NullableTime
  refusal: string | null
  createdAt: Time
}

export interface HookEventTable {
  id: string
  hookId: string
  /** null: it could not be read */
  dedupeId: string | null
  subject: string
  outcome: HookOutcome
  /** one sentence for people */
  reason: string
  runRequestId: string | null
  createdAt: Time
}
