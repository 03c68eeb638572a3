import type { HttpProxy } from '../outbound/index.ts'
import type { Secret } from '../platform/index.ts'
import type { HostKey } from './ssh/host-keys.ts'
import type { KeyPair, SshAccess } from './ssh/ssh-tools.ts'

/** A repository to speak to. The user name goes with the token; some hosts ask for a fixed one. */
export interface GitRemote {
  url: string
  username: string
  /** null: without credential */
  token: Secret | null
  /** PEM of the authorities that the host's certificate must be signed by; absent: the usual ones */
  ca?: string | null
  /** instead of the server's own proxy, for https */
  proxy?: HttpProxy | null
  /** for SSH addresses */
  ssh?: SshAccess
}

export type Tip =
  | { kind: 'tip'; commit: string }
  /** the branch is not there, others are */
  | { kind: 'missing-branch'; branches: number }
  /** no branch at all */
  | { kind: 'empty' }

export interface TipOptions {
  signal?: AbortSignal
  /** how old an answer may be that somebody else got for the same branch and credential, in ms; 0 = ask now */
  maxAgeMs?: number
}

/** A regular file of a commit. */
export interface TreeFile {
  /** from the root of the repository */
  path: string
  blob: string
}

export interface RefusedFile {
  /** printable, and of one file only; not always the one in git */
  path: string
  kind: 'file' | 'link'
  blob: string
  reason: string
}

export interface Listing {
  files: TreeFile[]
  refused: RefusedFile[]
  /** the folder is not in the commit */
  missing: boolean
}

export type BlobText = { kind: 'text'; text: string } | { kind: 'too-large'; size: number } | { kind: 'binary' }

export interface Person {
  name: string
  email: string
}

export interface CommitInfo {
  commit: string
  parents: string[]
  author: Person
  at: Date
  subject: string
}

export interface PushedCommit {
  commit: string
  author: string
  /** workflows that its trailers `Chaos-Run: name` ask for (git-interpret-trailers) */
  chaosRun: string[]
}

/** `text` null deletes the file. */
export interface FileChange {
  path: string
  text: string | null
}

export interface NewCommit {
  changes: readonly FileChange[]
  message: string
  author: Person
  committer: Person
  /** of author and committer: the same input gives the same SHA */
  at: Date
}

export type PushResult =
  | { kind: 'pushed' }
  /** the branch has moved: fetch, plan and push again */
  | { kind: 'race' }
  /** a person must act: `git/read-only`, `git/auth`, `git/rejected` … */
  | { kind: 'rejected'; code: string; message: string }

export interface CheckStep {
  name: 'url' | 'reach' | 'host-key' | 'authentication' | 'branch' | 'write'
  state: 'ok' | 'attention' | 'failed' | 'skipped'
  message: string
  /** of what failed, `git/…` or `outbound/…`; null where nothing did */
  code: string | null
}

/**
 * Everything that Faultline does with git. `repo` names a bare store of ours: one for each project and repository, so
 * that objects are never looked up across them. Rejects with AppErrors `git/…` and `outbound/…`.
 */
export interface Git {
  /** one request, no process */
  tip(remote: GitRemote, branch: string, options?: TipOptions): Promise<Tip>
  /** the branch that the repository's HEAD names; rejects with `git/no-default-branch` */
  defaultBranch(remote: GitRemote, signal?: AbortSignal): Promise<string>
  /** brings the branch's history into the store; answers its tip */
  fetch(remote: GitRemote, branch: string, repo: string, signal?: AbortSignal): Promise<string>
  has(repo: string, commit: string): Promise<boolean>
  files(repo: string, commit: string, folder: string): Promise<Listing>
  blob(repo: string, blob: string, maxBytes: number): Promise<BlobText>
  isAncestor(repo: string, ancestor: string, commit: string): Promise<boolean>
  info(repo: string, commit: string): Promise<CommitInfo>
  /** the last commit of each path below `folder` that changed after `since`; null = since the beginning. Bounded */
  changes(
    repo: string,
    range: { commit: string; since: string | null; folder: string }
  ): Promise<ReadonlyMap<string, CommitInfo>>
  /** commits of the branch that are new since then, newest first, at most 1000 */
  pushed(repo: string, range: { commit: string; since: string }): Promise<PushedCommit[]>
  /** each on top of the one before; `parent` null: the first commit of the repository. Answers their ids */
  writeCommits(repo: string, parent: string | null, commits: readonly NewCommit[]): Promise<string[]>
  /** which of these are in the history of `commit` and not in that of `since` */
  among(repo: string, range: { commit: string; since: string; candidates: readonly string[] }): Promise<Set<string>>
  /** compare-and-swap, never forced; `expected` null creates the branch */
  push(
    remote: GitRemote,
    repo: string,
    push: { branch: string; commit: string; expected: string | null; signal?: AbortSignal }
  ): Promise<PushResult>
  /** step by step; each is told as it ends */
  check(remote: GitRemote, branch: string, tell?: (step: CheckStep) => void): Promise<CheckStep[]>
  /** a new ed25519 pair */
  generateKey(comment: string): Promise<KeyPair>
  /** the public half of a pasted key; rejects with `git/bad-key`, `git/wrong-passphrase` */
  publicKey(privateKey: Secret, passphrase: Secret | null): Promise<string>
  /** the keys that an SSH host shows now */
  hostKeys(url: string): Promise<HostKey[]>
  /** forgets the store */
  remove(repo: string): Promise<void>
  close(): Promise<void>
}
