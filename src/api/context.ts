import type { Accounts, SignedIn } from '../accounts/index.ts'
import type { HooksPort, RouteId, RunsPort, SyncPort, TriggerPort } from '../contract/index.ts'
import type { FaultCatalogue } from '../domain/index.ts'
import type { Clock, Logger, Metrics, Secret } from '../platform/index.ts'
import type { Store } from '../store/index.ts'

/** Everything the API works with, handed in by `main`. */
export interface ApiOptions {
  store: Store
  accounts: Accounts
  sync: SyncPort
  runs: RunsPort
  trigger: TriggerPort
  hooks: HooksPort
  catalogue: FaultCatalogue
  /** container image of the agent, for manifests */
  agentImage: string
  clock: Clock
  log: Logger
  version: string
  /** folder of the built portal; null: no portal is served */
  portalFolder: string | null
  /** origin that people open, for example `http://127.0.0.1:7070`; requests with another Host are refused */
  publicUrl: URL
  /** PEM; null: plain http */
  certificate: { cert: Buffer; key: Buffer } | null
  /** for `/metrics`; null: there is none */
  metricsToken: Secret | null
  metrics: Metrics
  /** proxies whose word counts about who the client is: addresses and CIDR */
  trustedProxies: readonly string[]
  /** further host names (with port) that are answered */
  extraHosts: readonly string[]
  demo: boolean
}

/** One request as its handler sees it: validated, and its caller known. */
export interface Call {
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, unknown>>
  body: unknown
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** the signed-in user; handlers of user and project routes only */
  user: SignedIn
  /** agent routes only */
  infrastructure: string
  /** remote address, for the login's rate limit */
  address: string
  /** aborted when the client goes away, and when the server ends: whoever waits for something is to be answered */
  signal: AbortSignal
}

/** Who a commit of this caller is by: the account's name, its e-mail or `login@` the host of the public URL. */
export function authorOf({ user }: Call, { publicUrl }: ApiOptions): { name: string; email: string } {
  return { name: user.name, email: user.email ?? `${user.login}@${publicUrl.hostname}` }
}

/** What a handler answers; `cookie` null = remove it. */
export interface Answer {
  status?: number
  body?: unknown
  headers?: Readonly<Record<string, string>>
  cookie?: string | null
}

export type Handler = (call: Call, api: ApiOptions) => Promise<Answer>

/** Every route but the stream, which is no single answer. */
export type Handlers<Ids extends RouteId> = Record<Ids, Handler>
