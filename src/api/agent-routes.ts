import { type RegisterBody, TASK_WAIT_SECONDS, type TaskQuery } from '../contract/index.ts'
import { type Fact, type Observation, observedState } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'
import { insertFacts, insertObservations } from '../store/api/insert.ts'
import { listObserved, sha256 } from '../store/index.ts'
import type { Handlers } from './context.ts'
import { pageOf, pageRequest, textsCursor } from './page.ts'
import { parseFact, parseObservation } from './untrusted.ts'

/** the uid */
const observedCursor = textsCursor(1)

export const agentRoutes: Handlers<
  | 'registerAgent'
  | 'renewAgentKey'
  | 'agentTasks'
  | 'renewLease'
  | 'postFacts'
  | 'knownObservations'
  | 'postObservations'
> = {
  registerAgent: async (call, api) => {
    const { token, kind, version, commands = false } = call.body as RegisterBody
    const registered = await api.accounts.registerAgent({ token, kind, version, allowCommands: commands })
    await api.accounts.audit({
      actor: 'system',
      address: call.address,
      action: 'agent.register',
      project: null,
      target: registered.name,
      before: null,
      after: { version, allowCommands: commands }
    })
    return { status: 201, body: registered }
  },

  renewAgentKey: async (call, api) => {
    const key = await api.accounts.together(async (accounts) => {
      const { infrastructure: target, key } = await accounts.renewAgentKey(call.infrastructure)
      const entry = { actor: 'system', address: call.address, action: 'agent.key', project: null, target }
      await accounts.audit({ ...entry, before: null, after: null })
      return key
    })
    return { status: 201, body: { key } }
  },

  agentTasks: async (call, api) => {
    const { wait, version, commands, holding } = call.query as TaskQuery
    await api.accounts.heartbeat(call.infrastructure, { version: version ?? null, allowCommands: commands ?? null })
    const held = (holding ?? '').split(',').filter((id) => id !== '')
    const tasks = await api.runs.tasks(call.infrastructure, held, (wait ?? TASK_WAIT_SECONDS) * 1000, call.signal)
    return { body: { tasks, paths: await api.trigger.askedPaths(call.infrastructure) } }
  },

  renewLease: async (call, api) => {
    const { lease } = call.body as { lease: number }
    return { body: await api.runs.renew(call.infrastructure, call.params.run ?? '', lease) }
  },

  postFacts: async (call, api) => {
    const body = call.body as { lease: number; facts: unknown[] }
    const facts: Fact[] = body.facts.map(parseFact)
    const stored = await insertFacts(api.store.db, {
      infrastructureId: call.infrastructure,
      runId: call.params.run ?? '',
      lease: body.lease,
      facts,
      now: api.clock.now()
    })
    if (stored.kind === 'lost') {
      throw new AppError({
        code: 'api/lease-lost',
        kind: 'clash',
        message: 'The lease of this run is not yours any more: recover and let go.'
      })
    }
    return { body: { last: stored.last } }
  },

  knownObservations: async (call, { store, trigger }) => {
    const { limit, from } = pageRequest(call, observedCursor)
    const rows = await listObserved(store.db, call.infrastructure, { after: from?.[0], limit: limit + 1 })
    const page = pageOf(rows, {
      limit,
      key: ({ uid }) => observedCursor.write([uid]),
      view: ({ uid, body }) => ({ uid, number: body.number, fingerprint: sha256(observedState(body)) })
    })
    return { body: { ...page, paths: await trigger.askedPaths(call.infrastructure) } }
  },

  postObservations: async (call, api) => {
    const body = call.body as { observations: unknown[] }
    const observations: Observation[] = body.observations.map(parseObservation)
    const stored = await insertObservations(api.store.db, {
      infrastructureId: call.infrastructure,
      observations,
      now: api.clock.now()
    })
    return { body: { stored } }
  }
}
