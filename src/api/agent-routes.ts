import { type RegisterBody, TASK_WAIT_SECONDS, type TaskQuery } from '../contract/index.ts'
import type { Fact, Observation } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'
import { insertFacts, insertObservations } from '../store/api/insert.ts'
import type { Handlers } from './context.ts'
import { parseFact, parseObservation } from './untrusted.ts'

export const agentRoutes: Handlers<'registerAgent' | 'agentTasks' | 'renewLease' | 'postFacts' | 'postObservations'> = {
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
