import type { FaultCatalogue, RunPlan } from '../domain/index.ts'
import { type Logger, newId } from '../platform/index.ts'
import {
  grantedInfrastructures,
  guardrailsOf,
  notify,
  runnableDefinition,
  type Store,
  suspensionOf
} from '../store/index.ts'
import {
  endRequest,
  holdAdmission,
  insertRun,
  type QueuedRequest,
  type Tx,
  takeQueuedRequest
} from '../store/runs/write.ts'
import { type Admission, admit } from './admit.ts'
import { killReason } from './kill-switch.ts'
import { makeRoom, whyNotNow } from './make-room.ts'

export interface AdmissionDesk {
  store: Store
  catalogue: FaultCatalogue
  log: Logger
}

/** Turns the oldest queued request into a run, or says why not, in one transaction. False: none is queued. */
export async function admitNext(desk: AdmissionDesk, now: Date): Promise<boolean> {
  return desk.store.db.transaction().execute(async (tx) => {
    const request = await takeQueuedRequest(tx)
    if (request === undefined) return false
    const admission = await judge(desk, tx, request)
    if (admission.kind === 'run')
      await start(tx, { request, admission, waitsFor: await makeRoom(tx, request, now), now })
    else
      await endRequest(tx, request.id, {
        ...ENDED[admission.kind],
        reason: admission.reason,
        runId: null,
        revision: null,
        now
      })
    desk.log.info(
      { request: request.id, admission: admission.kind, reason: 'reason' in admission ? admission.reason : undefined },
      'run request judged'
    )
    await notify(tx, 'stream', JSON.stringify({ project: request.projectId, topic: 'runs', id: null }))
    // a schedule shows what came of its starts
    if (request.cause.kind === 'schedule')
      await notify(tx, 'stream', JSON.stringify({ project: request.projectId, topic: 'workflow', id: null }))
    return true
  })
}

const ENDED = { refuse: { state: 'refused' }, drop: { state: 'dropped' } } as const

async function judge(desk: AdmissionDesk, tx: Tx, request: QueuedRequest): Promise<Admission> {
  await holdAdmission(tx, request.projectId)
  const killed = await killReason(tx, request.projectId)
  if (killed !== null) return { kind: request.automatic ? 'drop' : 'refuse', reason: killed }
  const notNow = await whyNotNow(tx, request)
  if (notNow !== null) return { kind: 'drop', reason: notNow }
  return admit({
    definition: await runnableDefinition(tx, request.definitionId),
    parameters: request.parameters,
    infrastructureId: request.infrastructureId,
    infrastructures: await grantedInfrastructures(tx, request.projectId, { hold: true }),
    guardrails: await guardrailsOf(tx, request.projectId),
    catalogue: desk.catalogue,
    suspended: request.automatic ? await suspensionOf(tx, request.definitionId) : null
  })
}

interface Begin {
  request: QueuedRequest
  admission: Extract<Admission, { kind: 'run' }>
  /** runs that must have ended before */
  waitsFor: readonly string[]
  now: Date
}

async function start(tx: Tx, { request, admission, waitsFor, now }: Begin): Promise<void> {
  const { definition, plan, infrastructureId } = admission
  const runId = newId(now)
  const run = {
    id: runId,
    projectId: request.projectId,
    definitionId: definition.id,
    workflow: definition.name,
    revision: definition.revision,
    commit: definition.commit,
    infrastructureId,
    plan: JSON.stringify(plan),
    cause: JSON.stringify(request.cause),
    phase: waitsFor.length === 0 ? 'queued' : 'waiting',
    verdict: 'awaited',
    recovery: null,
    score: null,
    reason: waitsFor.length === 0 ? null : `It waits for ${waitsFor.join(', ')}, which it replaces, to end.`,
    leaseNumber: 0,
    leasedUntil: null,
    mergedSeq: 0,
    createdAt: now,
    startedAt: null,
    endedAt: null
  } as const
  await insertRun(tx, run, firstSteps(runId, plan))
  await endRequest(tx, request.id, { state: 'admitted', reason: null, runId, revision: definition.revision, now })
}

function firstSteps(runId: string, plan: RunPlan) {
  return plan.steps.map((step, position) => ({
    runId,
    step: step.id,
    name: step.name,
    position,
    phase: 'queued' as const,
    verdict: step.action.kind === 'fault' ? ('awaited' as const) : ('not-applicable' as const),
    recovery: null,
    weight: null,
    probeSuccess: null,
    reason: null,
    startedAt: null,
    endedAt: null
  }))
}
