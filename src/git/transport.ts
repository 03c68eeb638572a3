import type { CheckStep, GitRemote } from './git.ts'
import type { AskRefs } from './refs.ts'

/** How a repository is spoken to: over HTTP with a token, or over SSH with a key. */
export interface Transport {
  refs: AskRefs
  /** rejects where a push would not be let in; nothing is pushed */
  requirePush(): Promise<void>
  /** the address and environment for a git process that speaks to the remote, for as long as `work` lasts */
  within<T>(work: (url: string, env: Record<string, string>) => Promise<T>): Promise<T>
  /** what a test of the connection looks at before it asks for refs; each may reject */
  steps: readonly TransportStep[]
  /** "token" or "key", as messages name it; null = without one */
  credential: string | null
}

export interface TransportStep {
  name: CheckStep['name']
  /** what to say when it went well */
  look(): Promise<string>
}

export type TransportOf = (remote: GitRemote) => Transport
