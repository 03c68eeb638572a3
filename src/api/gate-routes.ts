import type { Gate, GateQuery } from '../contract/index.ts'
import { gateAnswer } from '../domain/index.ts'
import { findDefinition, newestRunSince } from '../store/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { project, unknown } from './run-routes.ts'

const USUAL_AGE_SECONDS = 86_400
/** of one who may ask again: a run takes minutes */
const RETRY_SECONDS = '15'

/** Argo Rollouts reads the document, and takes every other status than 2xx for an error; Flagger reads the status alone. */
export const gateRoutes: Handlers<'gate' | 'askGate'> = {
  gate: async (call, api) => ({ body: await gateOf(call, api) }),

  askGate: async (call, api) => {
    const gate = await gateOf(call, api)
    if (gate.go) return { status: 200, body: gate }
    return { status: 409, body: gate, ...(gate.outcome === 'waiting' && { headers: { 'retry-after': RETRY_SECONDS } }) }
  }
}

async function gateOf(call: Call, { store, clock }: ApiOptions): Promise<Gate> {
  const { name = '' } = call.params
  const { revision, maxAge = USUAL_AGE_SECONDS, minScore = null } = call.query as GateQuery & { minScore?: number }
  const definition = await findDefinition(store.db, project(call), name)
  if (definition === undefined) throw unknown('workflow', name.slice(0, 200))
  const since = new Date(clock.now().getTime() - maxAge * 1000)
  const newest = await newestRunSince(store.db, project(call), { definitionId: definition.id, since, revision })
  const answer = gateAnswer(newest ?? null, minScore)
  if (newest === undefined || newest === 'queued')
    return { ...answer, run: null, phase: newest ?? null, verdict: null, score: null }
  const { id: run, phase, verdict, score } = newest
  return { ...answer, run, phase, verdict, score }
}
