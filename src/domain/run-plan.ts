import type { ProbeMode } from './words.ts'

/** A workflow compiled for one run: flat, parameters filled in; agent and engine parse no YAML. JSON throughout. */
export interface RunPlan {
  workflow: string
  /** in the order of the file; `needs` refers to earlier ids only, so the order is a topological one */
  steps: readonly PlanStep[]
  /** seconds after which the whole run ends as timeout; null = no limit of its own */
  deadlineSeconds: number | null
}

export interface PlanStep {
  /** unique in the plan and stable for one text: the path of names, for example `chaos/pod-delete` */
  id: string
  name: string
  /** ids of the steps that must have completed before */
  needs: readonly string[]
  action: StepAction
}

export type StepAction =
  | { kind: 'fault'; fault: FaultCall }
  | { kind: 'pause'; seconds: number }
  /** a container step that other engines need and this one does not, for example the installing of fault templates */
  | { kind: 'not-needed'; reason: string }

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
