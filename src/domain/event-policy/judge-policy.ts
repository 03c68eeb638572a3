import { askedWorkflows } from '../observation.ts'
import { type Evaluation, evaluate, type Happening, selects } from './evaluate.ts'
import type { ChangeKind, EventPolicy, PolicyRun } from './event-policy.ts'
import { filledParameters } from './parameters.ts'

/** A change that nobody has seen: a workload of Kubernetes as it was and as it is, as manifests. */
export interface PastedChange {
  before: string
  after: string
  kind: ChangeKind
  /** name of the infrastructure that it is taken to be on */
  infrastructure: string
}

/** What a policy makes of something that happened, before anybody asks whether it may start something now. */
export interface PolicyJudgement {
  selected: Evaluation
  /** null: it does not mean this workload */
  matched: Evaluation | null
  /** empty where it does not match, or where the workload is to name the workflow and names none */
  runs: readonly PolicyRun[]
}

export function judgePolicy(policy: EventPolicy, happening: Happening): PolicyJudgement {
  const selected = selects(policy.workloads, happening)
  const matched = selected.matched ? evaluate(policy, happening) : null
  return { selected, matched, runs: matched?.matched ? wishedRuns(policy, happening) : [] }
}

/** What the policy runs because of this, or what the workload asks for, with the parameters filled in. */
export function wishedRuns({ run }: EventPolicy, happening: Happening): PolicyRun[] {
  const asked = askedWorkflows(happening.after.aspects) ?? []
  const wishes = run.length > 0 ? run : asked.map((workflow) => ({ workflow, parameters: {} }))
  return wishes.map(({ workflow, parameters }) => ({ workflow, parameters: filledParameters(parameters, happening) }))
}
