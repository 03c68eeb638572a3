import type { Condition } from './condition.ts'
import type { Tree } from './projection/tree.ts'
import type { ProbeMode } from './words.ts'

/** A workflow compiled for one run: flat, parameters filled in; agent and engine parse no YAML. JSON throughout. */
export interface RunPlan {
  workflow: string
  /** in the order of the file; `needs` refers to earlier ids only, so the order is a topological one */
  steps: readonly PlanStep[]
  /** seconds after which the whole run ends as timeout; null = no limit of its own */
  deadlineSeconds: number | null
  /** what Argo Workflows is given, where that executes the run; absent: the agent does */
  argo?: ArgoWorkflow
}

/** Where Argo Workflows on a cluster takes the runs of an infrastructure. */
export interface ArgoPlace {
  namespace: string
  /** its controller looks only at workflows that are labelled with this; null = at those without a label */
  instance: string | null
}

/** What executes the runs of an infrastructure. */
export type EngineSetting = { kind: 'builtin' } | ({ kind: 'argo' } & ArgoPlace)
export type Engine = EngineSetting['kind']

/** A workflow as its file says it, with the run's parameters; whoever submits it names it. */
export interface ArgoWorkflow {
  namespace: string
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  spec: Tree
}

export interface PlanStep {
  /** unique in the plan and stable for one text: the path of names, for example `chaos/pod-delete` */
  id: string
  name: string
  /** ids of the steps that must have ended before */
  needs: readonly string[]
  /** what must be true of them, asked once they have ended; absent: each of them has ended well */
  after?: Condition
  /** asked after that, the outermost first: where one is false, the step is skipped, as if it had ended well */
  when?: readonly When[]
  /** its error does not count for the end of the run (Argo's continueOn) */
  tolerated?: true
  /** part of the exit handler: it starts when all other steps have ended */
  exit?: true
  /** limits on faults under way at once that it falls under */
  lanes?: readonly Lane[]
  /** seconds after which an attempt ends as timeout, its harm recovered */
  deadlineSeconds?: number
  retry?: RetryRule
  action: StepAction
}

/** A condition, and its text as people wrote it with the values filled in. */
export interface When {
  text: string
  condition: Condition
}

/** At most so many faults of the lane are under way at once. */
export interface Lane {
  id: string
  most: number
}

/** Argo's retryStrategy. */
export interface RetryRule {
  /** further attempts after the first */
  limit: number
  policy: 'always' | 'on-failure' | 'on-error'
  /** pause before the second attempt, in ms; each further one is `factor` times as long, at most `capMs` */
  backoffMs: number
  factor: number
  capMs: number | null
  /** no attempt begins later than so long after the first one, in ms */
  withinMs: number | null
}

export type StepAction =
  | { kind: 'fault'; fault: FaultCall }
  | { kind: 'pause'; seconds: number }
  /** a person approves or rejects */
  | { kind: 'approval' }
  /** a container step that other engines need and this one does not, for example the installing of fault templates */
  | { kind: 'not-needed'; reason: string }
  /** something that only Argo Workflows does, for example `container alpine:3` */
  | { kind: 'delegated'; what: string }

/** One ChaosEngine: a fault with its target, tunables and probes. */
export interface FaultCall {
  /** the ChaosEngine's name or generateName */
  engine: string
  fault: string
  target: TargetSelector
  /** Litmus' env names and values, as written */
  tunables: Readonly<Record<string, string>>
  probes: readonly ProbeSpec[]
  /** share in the resilience score; Litmus' default is 10 */
  weight: number
}

export interface TargetSelector {
  namespace: string
  /** Litmus' appkind: deployment, statefulset, daemonset… */
  kind: string
  /** Litmus' applabel, parsed: all must be equal */
  labels: Readonly<Record<string, string>>
}

export interface ProbeSpec {
  name: string
  /** Litmus' type, for example `httpProbe` */
  type: string
  mode: ProbeMode
  runProperties: ProbeRunProperties
  /** the type's own inputs, for example url, method, criteria, responseCode */
  inputs: Readonly<Record<string, unknown>>
}

/** All durations in ms. */
export interface ProbeRunProperties {
  timeoutMs: number
  intervalMs: number
  /** further tries of one evaluation before it counts as failed */
  attempts: number
  initialDelayMs: number
  stopOnFailure: boolean
}
