import {
  askedWorkflows,
  type Cause,
  changeSentence,
  changesBetween,
  evaluate,
  type Happening,
  imageChanges,
  type Observation,
  OPT_IN,
  WORKFLOW_ANNOTATIONS,
  wishedRuns,
  workloadLabel
} from '../domain/index.ts'
import { newId } from '../platform/index.ts'
import { requestRun } from '../store/runs/request.ts'
import type { NewDecision, Tx } from '../store/trigger/write.ts'
import { allowedWorkflow } from './asked.ts'
import { heldBack } from './pace.ts'
import type { Rule } from './rules.ts'

/** fields that a cause and a reason name at most */
const MOST_NAMED = 20

export interface DecidableChange extends Happening {
  id: string
  infrastructureId: string
}

/** What is decided without a policy: an image changed, and the workload's annotation names what to run. */
export async function decideByDefault(
  tx: Tx,
  change: DecidableChange,
  { projects, now }: { projects: readonly string[]; now: Date }
): Promise<NewDecision[]> {
  const { aspects } = change.after
  const asked = askedWorkflows(aspects)
  if (asked === null) return [refusal(change, now, { reason: notOptedIn(change.after) })]
  if (asked.length === 0) return [refusal(change, now, { reason: namesNone(change.after) })]
  const decisions: NewDecision[] = []
  for (const projectId of projects) {
    for (const workflow of asked) decisions.push(await decideDefault(tx, change, { projectId, workflow, now }))
  }
  return decisions
}

/** What is decided by a policy that selects the workload. */
export async function decideByRule(tx: Tx, change: DecidableChange, rule: Rule, now: Date): Promise<NewDecision[]> {
  const { matched, reasons } = evaluate(rule.does, change)
  const why = reasons.join(' ')
  const no = (reason: string) => [refusal(change, now, { ...ofRule(rule), reason })]
  if (!matched) return no(why)
  const { infrastructureId, after } = change
  const held = await heldBack(tx, rule, { workload: { infrastructureId, uid: after.uid }, now })
  if (held !== null) return no(held)
  const wishes = wishedRuns(rule.does, change)
  if (wishes.length === 0) return no(namesNone(after))
  const decisions: NewDecision[] = []
  for (const { workflow, parameters } of wishes) {
    decisions.push(await ask(tx, change, { ...ofRule(rule), workflow, parameters, reason: why, now }))
  }
  return decisions
}

interface Reason {
  reason: string
  projectId?: string
  policyId?: string
  policy?: string
  workflow?: string
  outcome?: 'not-triggered' | 'failed'
}

/** A decision that starts nothing, and why. */
export function refusal(change: { id: string }, now: Date, why: Reason): NewDecision {
  return {
    id: newId(now),
    changeId: change.id,
    projectId: why.projectId ?? null,
    policyId: why.policyId ?? null,
    policy: why.policy ?? null,
    workflow: why.workflow ?? null,
    outcome: why.outcome ?? 'not-triggered',
    reason: why.reason,
    runRequestId: null,
    createdAt: now
  }
}

export function ofRule({ projectId, policy }: Rule): { projectId: string; policyId: string; policy: string } {
  return { projectId, policyId: policy.id, policy: policy.name }
}

async function decideDefault(
  tx: Tx,
  change: DecidableChange,
  wish: { projectId: string; workflow: string; now: Date }
): Promise<NewDecision> {
  const label = workloadLabel(change.after)
  const images = imageChanges(change.before, change.after)
  const sentences = images.map((one) => changeSentence(label, one)).join('; ')
  const reason = `${label} opted in, ${sentences}, and its rollout is healthy.`
  return ask(tx, change, { ...wish, parameters: {}, reason })
}

interface Wish extends Reason {
  projectId: string
  workflow: string
  parameters: Readonly<Record<string, string>>
  now: Date
}

async function ask(tx: Tx, change: DecidableChange, wish: Wish): Promise<NewDecision> {
  const { projectId, workflow, now } = wish
  const no = (reason: string) => refusal(change, now, { ...wish, reason })
  const found = await allowedWorkflow(tx, { projectId, workflow, namespace: change.after.namespace })
  if (!found.ok) return no(found.reason)
  const request = await requestRun(tx, {
    projectId,
    definitionId: found.id,
    parameters: wish.parameters,
    infrastructureId: change.infrastructureId,
    cause: causeOf(change, wish.policy),
    dedupeKey: `change/${change.infrastructureId}/${change.after.uid}/${change.after.number}/${found.id}`,
    automatic: true,
    now
  })
  if (!request.created) return no(`This change has asked for a run of ${found.name} already.`)
  return { ...no(wish.reason), workflow: found.name, outcome: 'triggered', runRequestId: request.id }
}

function causeOf(change: DecidableChange, policy: string | undefined): Cause {
  const { kind, namespace, name, uid } = change.after
  const changes = changesBetween(change.before, change.after)
  const images = changes.filter(({ aspect }) => aspect === 'image')
  return {
    kind: 'workload-change',
    change: change.id,
    infrastructure: change.infrastructureId,
    workload: { kind, namespace, name, uid },
    ...(policy !== undefined && { policy }),
    // what people mean by a release comes first, and alone where nobody asked for more
    changes: (policy === undefined ? images : [...images, ...changes.filter((one) => one.aspect !== 'image')]).slice(
      0,
      MOST_NAMED
    )
  }
}

function notOptedIn(workload: Observation): string {
  return `${workloadLabel(workload)} has not opted in: the annotation ${OPT_IN}: "true" is missing.`
}

function namesNone(workload: Observation): string {
  return `${workloadLabel(workload)} has opted in but names no workflow: set the annotation ${WORKFLOW_ANNOTATIONS[0]}.`
}
