import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  type AgentTask,
  API_PREFIX,
  FactsStored,
  KnownObservations,
  NextKey,
  ObservationsStored,
  Registered,
  Renewed,
  TASK_WAIT_SECONDS
} from '../contract/index.ts'
import type { Fact, InfrastructureKind, Observation } from '../domain/index.ts'
import { AppError, type Clock, type Logger, Secret, toAppError } from '../platform/index.ts'
import { skewWatch } from './clock-skew.ts'
import { parseTask } from './parse-task.ts'

const DEADLINE_MS = 8000
const POLL_GRACE_MS = 10_000
/** the key was one, and will never work again: whoever has it is to end */
const KEY_ENDED: ReadonlySet<string> = new Set(['accounts/infrastructure-removed', 'accounts/agent-key-replaced'])
const LARGEST_ANSWER = 16 * 1024 * 1024

/** The agent's side of its channel. Errors: `agent/server-away` (transient), `agent/refused`, `agent/key-ended`, `agent/lease-lost`, `agent/bad-request`. */
export interface ServerLink {
  register(token: Secret, kind: InfrastructureKind, signal: AbortSignal): Promise<Registered>
  /** the next key; this one works until that one is used */
  renewKey(key: Secret): Promise<Secret>
  /** what to do, and which expressions to look at in workloads */
  tasks(key: Secret, holding: readonly string[], signal: AbortSignal): Promise<Orders>
  renew(key: Secret, run: string, lease: number): Promise<Renewed>
  /** the highest fact that the server has without a gap */
  postFacts(key: Secret, run: string, body: { lease: number; facts: readonly Fact[] }): Promise<number>
  /** what the server has, a page */
  knownObservations(key: Secret, cursor: string | null): Promise<KnownObservations>
  /** how many were new to the server */
  postObservations(key: Secret, observations: readonly Observation[]): Promise<number>
}

const registered = Compile(Registered)
const nextKey = Compile(NextKey)
const renewed = Compile(Renewed)
const factsStored = Compile(FactsStored)
const knownObservations = Compile(KnownObservations)
const observationsStored = Compile(ObservationsStored)
const taskList = Compile(
  Type.Object({
    tasks: Type.Array(Type.Unknown(), { maxItems: 1000 }),
    paths: Type.Array(Type.String({ maxLength: 1000 }), { maxItems: 500 })
  })
)

export interface Orders {
  tasks: AgentTask[]
  /** JMESPath */
  paths: string[]
}

/** What an agent says of itself. */
export interface Presence {
  version: string
  allowCommands: boolean
}

export function createServerLink(server: URL, options: Presence & { clock: Clock; log: Logger }): ServerLink {
  const { version, allowCommands } = options
  const onDate = skewWatch(options)
  const call = (path: string, request: Omit<Call, 'onDate'>) =>
    exchange(new URL(`${API_PREFIX}/agent${path}`, server), { ...request, onDate })
  return {
    register: async (token, kind, signal) => {
      const body = { token: token.reveal(), kind, version, commands: allowCommands }
      return read(registered, await call('/register', { method: 'POST', body, signal }))
    },
    renewKey: async (key) => new Secret(read(nextKey, await call('/key', { method: 'POST', key })).key),
    tasks: async (key, holding, signal) => {
      const query = new URLSearchParams({ wait: String(TASK_WAIT_SECONDS), version, commands: String(allowCommands) })
      if (holding.length > 0) query.set('holding', holding.join(','))
      const deadlineMs = TASK_WAIT_SECONDS * 1000 + POLL_GRACE_MS
      const { tasks, paths } = read(taskList, await call(`/tasks?${query}`, { method: 'GET', key, signal, deadlineMs }))
      return { tasks: tasks.map(parseTask), paths }
    },
    renew: async (key, run, lease) =>
      read(renewed, await call(`/runs/${run}/renew`, { method: 'POST', key, body: { lease } })),
    postFacts: async (key, run, body) =>
      read(factsStored, await call(`/runs/${run}/facts`, { method: 'POST', key, body })).last,
    knownObservations: async (key, cursor) => {
      const query = new URLSearchParams({ limit: '200', ...(cursor !== null && { cursor }) })
      return read(knownObservations, await call(`/observations?${query}`, { method: 'GET', key }))
    },
    postObservations: async (key, observations) =>
      read(observationsStored, await call('/observations', { method: 'POST', key, body: { observations } })).stored
  }
}

interface Call {
  method: 'GET' | 'POST'
  key?: Secret
  body?: unknown
  signal?: AbortSignal
  deadlineMs?: number
  /** told of the server's time, as it wrote it */
  onDate: (date: string | null) => void
}

async function exchange(url: URL, call: Call): Promise<unknown> {
  const { method, key, body, signal, deadlineMs = DEADLINE_MS } = call
  const deadline = AbortSignal.timeout(deadlineMs)
  try {
    const answer = await fetch(url, {
      method,
      redirect: 'error',
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key && { authorization: `Bearer ${key.reveal()}` })
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal])
    })
    call.onDate(answer.headers.get('date'))
    const text = await bounded(answer)
    if (!answer.ok) throw refusal(url, answer.status, text)
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw away(url, deadline.aborted ? `no answer within ${deadlineMs} ms` : reasonOf(error))
  }
}

async function bounded(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length
    if (bytes > LARGEST_ANSWER) throw new Error(`the answer is larger than ${LARGEST_ANSWER} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function refusal(url: URL, status: number, text: string): AppError {
  const { code, detail } = problemOf(text)
  if (KEY_ENDED.has(code)) return new AppError({ code: 'agent/key-ended', kind: 'stalled', message: detail })
  const message = `The server ${url.origin} answered ${status}: ${detail}`
  if (status === 409) return new AppError({ code: 'agent/lease-lost', kind: 'clash', message })
  if (status === 401 || status === 403) return new AppError({ code: 'agent/refused', kind: 'stalled', message })
  if (status === 429 || status >= 500) return away(url, `it answered ${status}: ${detail}`)
  return new AppError({ code: 'agent/bad-request', kind: 'invalid', message })
}

function problemOf(text: string): { code: string; detail: string } {
  try {
    const { code, detail } = JSON.parse(text) as { code?: unknown; detail?: unknown }
    if (typeof detail === 'string') return { code: String(code ?? ''), detail: detail.slice(0, 500) }
  } catch {
    // not ours: shown as it is
  }
  return { code: '', detail: text.slice(0, 200) }
}

function away(url: URL, why: string): AppError {
  const message = `The server ${url.origin} cannot be reached: ${why}. The agent tries again.`
  return new AppError({ code: 'agent/server-away', kind: 'transient', message })
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error ? cause.message : toAppError(error).message
}

function read<T>(validator: { Check(value: unknown): value is T }, value: unknown): T {
  if (validator.Check(value)) return value
  const message = 'The server gave an answer that this agent does not understand. Are both of the same release?'
  throw new AppError({ code: 'agent/bad-answer', kind: 'transient', message })
}
