import {
  askedWorkflows,
  type Cause,
  changeSentence,
  imageChanges,
  type Observation,
  OPT_IN,
  WORKFLOW_ANNOTATIONS,
  workloadLabel
} from '../domain/index.ts'
import { newId } from '../platform/index.ts'
import { requestRun } from '../store/runs/request.ts'
import { findAsked, grantedProjects, type NewDecision, namespaceForbidden, type Tx } from '../store/trigger/write.ts'

export interface DecidableChange {
  id: string
  infrastructureId: string
  before: Observation
  /** as the workload is now: its annotations say what to run */
  after: Observation
}

/** What is decided on a change whose rollout is healthy, with its reasons, also for what is not triggered. */
export async function decide(tx: Tx, change: DecidableChange, now: Date): Promise<NewDecision[]> {
  const asked = askedWorkflows(change.after.aspects)
  if (asked === null) return [refusal(change, now, { reason: notOptedIn(change.after) })]
  if (asked.length === 0) return [refusal(change, now, { reason: namesNone(change.after) })]
  const projects = await grantedProjects(tx, change.infrastructureId)
  if (projects.length === 0)
    return [refusal(change, now, { reason: 'No project has been granted this infrastructure.' })]
  const decisions: NewDecision[] = []
  for (const projectId of projects) {
    for (const workflow of asked) decisions.push(await decideOne(tx, change, { projectId, workflow, now }))
  }
  return decisions
}

/** The one decision of a change that is over before its rollout was healthy. */
export function refusal(
  change: { id: string },
  now: Date,
  why: { reason: string; projectId?: string; workflow?: string }
): NewDecision {
  return {
    id: newId(now),
    changeId: change.id,
    projectId: why.projectId ?? null,
    workflow: why.workflow ?? null,
    outcome: 'not-triggered',
    reason: why.reason,
    runRequestId: null,
    createdAt: now
  }
}

async function decideOne(
  tx: Tx,
  change: DecidableChange,
  asked: { projectId: string; workflow: string; now: Date }
): Promise<NewDecision> {
  const { projectId, workflow, now } = asked
  const no = (reason: string) => refusal(change, now, { reason, projectId, workflow })
  const found = await findAsked(tx, projectId, workflow)
  if (found === undefined) return no(`Project ${projectId} has no workflow ${workflow}.`)
  if (found.suspended !== null) return no(`Automatic runs of ${found.name} are suspended: ${found.suspended}`)
  const forbidden = await namespaceForbidden(tx, projectId, change.after.namespace)
  if (forbidden !== null) return no(`A guardrail forbids it: ${forbidden}.`)
  const request = await requestRun(tx, {
    projectId,
    definitionId: found.id,
    parameters: {},
    infrastructureId: change.infrastructureId,
    cause: causeOf(change),
    dedupeKey: `change/${change.infrastructureId}/${change.after.uid}/${change.after.number}/${found.id}`,
    automatic: true,
    now
  })
  const label = workloadLabel(change.after)
  const changes = imageChanges(change.before.aspects, change.after.aspects)
  const sentences = changes.map((one) => changeSentence(label, one)).join('; ')
  const reason = `${label} opted in, ${sentences}, and its rollout is healthy.`
  return { ...no(reason), workflow: found.name, outcome: 'triggered', runRequestId: request.id }
}

function causeOf(change: DecidableChange): Cause {
  const { kind, namespace, name, uid } = change.after
  return {
    kind: 'workload-change',
    change: change.id,
    infrastructure: change.infrastructureId,
    workload: { kind, namespace, name, uid },
    changes: imageChanges(change.before.aspects, change.after.aspects)
  }
}

function notOptedIn(workload: Observation): string {
  return `${workloadLabel(workload)} has not opted in: the annotation ${OPT_IN}: "true" is missing.`
}

function namesNone(workload: Observation): string {
  return `${workloadLabel(workload)} has opted in but names no workflow: set the annotation ${WORKFLOW_ANNOTATIONS[0]}.`
}
