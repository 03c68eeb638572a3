import type { Run, RunQuery } from '../contract/index.ts'
import { type ApprovalOutcome, type Cause, type Guardrails, isPolicyKind, placeNamed } from '../domain/index.ts'
import { notAWorkflow } from '../manifest/index.ts'
import { AppError, newId } from '../platform/index.ts'
import {
  approvalsOf,
  decisionOfRun,
  factsAfter,
  findDefinition,
  findRun,
  findRunRequest,
  guardrailsOf,
  listRuns,
  requestOfRun,
  type Store,
  stepsOf,
  stopOf,
  type WholeRun
} from '../store/index.ts'
import { requestRun } from '../store/runs/request.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { idCursor, pageOf, pageRequest } from './page.ts'
import { runRequest, runStep, runSummary } from './view-run.ts'

const FACTS_PER_ANSWER = 2000

export const runRoutes: Handlers<
  | 'listRuns'
  | 'startRun'
  | 'runRequest'
  | 'run'
  | 'runFacts'
  | 'approveStep'
  | 'stopRun'
  | 'guardrails'
  | 'saveGuardrails'
> = {
  listRuns: async (call, { store }) => {
    const { limit, from: before } = pageRequest(call, idCursor)
    const { workflow, cause, phase, verdict, infrastructure, from, to } = call.query as RunQuery
    const rows = await listRuns(store.db, project(call), {
      workflow: given(workflow),
      cause,
      phase,
      verdict,
      infrastructureId: given(infrastructure),
      from: timeOf(from),
      to: timeOf(to),
      before,
      limit: limit + 1
    })
    return { body: pageOf(rows, { limit, key: (row) => row.id, view: runSummary }) }
  },

  startRun: async (call, api) => {
    const body = call.body as {
      workflow: string
      parameters?: Record<string, string>
      infrastructure?: string
      key?: string
    }
    const parameters = body.parameters ?? {}
    const infrastructureId = await infrastructureOf(call, api, body.infrastructure)
    refusePolicy(await findDefinition(api.store.db, project(call), body.workflow))
    const reason = await api.runs.preflight(project(call), { workflow: body.workflow, parameters, infrastructureId })
    if (reason !== null) throw new AppError({ code: 'api/cannot-run', kind: 'stalled', message: reason })
    const now = api.clock.now()
    const definition = await findDefinition(api.store.db, project(call), body.workflow)
    if (definition === undefined) throw unknown('workflow', body.workflow)
    const { id } = await requestRun(api.store.db, {
      projectId: project(call),
      definitionId: definition.id,
      parameters,
      infrastructureId,
      cause: causeOf(call),
      dedupeKey: `manual/${project(call)}/${body.key ?? newId(now)}`,
      automatic: false,
      now
    })
    await api.accounts.audit({
      actor: call.user.login,
      address: call.address,
      action: 'run.start',
      project: project(call),
      target: body.workflow,
      before: null,
      after: { request: id }
    })
    return { status: 202, body: runRequest(await requestOf(api.store, project(call), id)) }
  },

  runRequest: async (call, { store }) => ({
    body: runRequest(await requestOf(store, project(call), call.params.request ?? ''))
  }),

  run: async (call, { store }) => {
    const row = await runOf(store, call)
    return { body: await wholeRun(store, row) }
  },

  runFacts: async (call, { store }) => {
    const run = await runOf(store, call)
    const after = Number(call.query.after ?? 0)
    const facts = await factsAfter(store.db, { runId: run.id, after, limit: FACTS_PER_ANSWER })
    return { body: { facts, last: facts.at(-1)?.seq ?? after } }
  },

  approveStep: async (call, api) => {
    const { step, outcome, reason } = call.body as { step: string; outcome: ApprovalOutcome; reason?: string }
    const run = call.params.run ?? ''
    const { login } = call.user
    await api.runs.approve({ project: project(call), run, step, outcome, user: login, reason: reason || null })
    await api.accounts.audit({
      actor: login,
      address: call.address,
      action: 'run.approve',
      project: project(call),
      target: run,
      before: null,
      after: { step, outcome, reason: reason || null }
    })
    return { body: await wholeRun(api.store, await runOf(api.store, call)) }
  },

  stopRun: async (call, api) => {
    const reason = (call.body as { reason?: string } | null)?.reason ?? 'asked for in the portal'
    await api.runs.stop(project(call), call.params.run ?? '', call.user.login, reason)
    await api.accounts.audit({
      actor: call.user.login,
      address: call.address,
      action: 'run.stop',
      project: project(call),
      target: call.params.run ?? '',
      before: null,
      after: { reason }
    })
    return { status: 202, body: runSummary(await runOf(api.store, call)) }
  },

  guardrails: async (call, { store }) => ({ body: await guardrailsOf(store.db, project(call)) }),

  saveGuardrails: async (call, api) => {
    const before = await guardrailsOf(api.store.db, project(call))
    const after = call.body as Guardrails
    await api.runs.saveGuardrails(project(call), after)
    await api.accounts.audit({
      actor: call.user.login,
      address: call.address,
      action: 'guardrails.save',
      project: project(call),
      target: project(call),
      before,
      after
    })
    return { body: after }
  }
}

function refusePolicy(definition: { kind: string; name: string } | undefined): void {
  if (definition === undefined || !isPolicyKind(definition.kind)) return
  const { code, message } = notAWorkflow(definition)
  throw new AppError({ code, kind: 'invalid', message })
}

/** By id, name or old name; null: wherever the workflow goes by itself. */
export async function infrastructureOf(call: Call, api: ApiOptions, asked: string | undefined): Promise<string | null> {
  if (asked === undefined) return null
  const found = placeNamed(await api.accounts.infrastructures.of(project(call)), asked)
  if (found !== undefined) return found.id
  throw unknown('infrastructure', asked.slice(0, 100))
}

export async function wholeRun(store: Store, row: WholeRun): Promise<Run> {
  const [steps, stop, approvals, decision, request] = await Promise.all([
    stepsOf(store.db, row.id),
    stopOf(store.db, row.id),
    approvalsOf(store.db, row.id),
    decisionOfRun(store.db, row.id),
    requestOfRun(store.db, row.id)
  ])
  return {
    ...runSummary(row),
    plan: row.plan,
    parameters: request?.parameters ?? {},
    steps: steps.map(runStep),
    stop:
      stop === undefined ? null : { askedBy: stop.askedBy, reason: stop.reason, askedAt: stop.askedAt.toISOString() },
    approvals: approvals.map(({ step, outcome, decidedBy, reason, decidedAt }) => ({
      step,
      outcome,
      by: decidedBy,
      reason,
      at: decidedAt.toISOString()
    })),
    decision: decision ?? null
  }
}

export async function runOf(store: Store, call: Call): Promise<WholeRun> {
  const row = await findRun(store.db, project(call), call.params.run ?? '')
  if (row === undefined) throw unknown('run', call.params.run ?? '')
  return row
}

async function requestOf(store: Store, projectId: string, id: string) {
  const row = await findRunRequest(store.db, projectId, id)
  if (row === undefined) throw unknown('run request', id)
  return row
}

/** An API token is not its user: pipelines start runs with it. */
function causeOf({ user }: Call): Cause {
  return user.token === null
    ? { kind: 'manual', user: user.login }
    : { kind: 'api', user: user.login, token: user.token.name }
}

/** An empty text is no filter. */
function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined || text === '') return undefined
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time
  const message = `"${text.slice(0, 40)}" is not a time; give one as 2026-01-31T09:00:00Z.`
  throw new AppError({ code: 'api/bad-time', kind: 'invalid', message })
}

/** The project of the route; its membership was checked before the handler. */
export function project(call: Call): string {
  return call.params.project ?? ''
}

export function unknown(what: string, name: string): AppError {
  return new AppError({
    code: `api/unknown-${what.replaceAll(' ', '-')}`,
    kind: 'missing',
    message: `There is no ${what} ${name} in this project.`
  })
}
