import type { FaultSchema } from './catalogue.ts'
import type { Problem } from './problem.ts'
import type { RunPlan } from './run-plan.ts'

/** Limits that the server enforces, and the agent again. Never read from a repository. */
export interface Guardrails {
  /** namespaces that chaos may touch; `*` = any that is not on the built-in deny list */
  allowedNamespaces: readonly string[]
  /** upper limit of pods that one injection round may hit */
  maxTargets: number
  /** upper limit in seconds of one fault's TOTAL_CHAOS_DURATION */
  maxDurationSeconds: number
}

/** What one run is held to: the guardrails of its project, and what its infrastructure lets it do. */
export interface RunGuardrails extends Guardrails {
  /** faults may harm whole nodes; absent: not */
  nodeFaults?: boolean
}

export const DEFAULT_GUARDRAILS: Guardrails = {
  allowedNamespaces: ['*'],
  maxTargets: 10,
  maxDurationSeconds: 600
}

/** Namespaces that no setting opens. */
const DENIED_NAMESPACES: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease', 'faultline']

/** What of the plan the guardrails forbid; empty = may run. The number of targets is checked at injection time. */
export function guardrailProblems(plan: RunPlan, guardrails: Guardrails): Problem[] {
  const problems: Problem[] = []
  for (const step of plan.steps) {
    if (step.action.kind !== 'fault') continue
    const { target, tunables } = step.action.fault
    // a fault on nodes may name no workload: then it is in no namespace
    const reason = target.namespace === '' ? null : namespaceProblem(target.namespace, guardrails)
    if (reason !== null) problems.push(problem('guardrail/namespace', `${step.name}: ${reason}`))
    const seconds = Number(tunables.TOTAL_CHAOS_DURATION ?? '0')
    if (seconds > guardrails.maxDurationSeconds) {
      const text = `TOTAL_CHAOS_DURATION is ${seconds} s, the guardrail allows ${guardrails.maxDurationSeconds} s`
      problems.push(problem('guardrail/duration', `${step.name}: ${text}`))
    }
  }
  return problems
}

const OF_PODS = /^(pod|k8-pod|container)-|^disk-fill$/

/** Why the plan's faults may not harm whole nodes of the infrastructure; null = they may, or there are none. */
export function nodesProblem(plan: RunPlan, faults: readonly FaultSchema[], place: NodePlace): string | null {
  if (place.nodeFaults) return null
  const names = faults.filter(({ harms }) => harms === 'nodes').map(({ name }) => name)
  const calls = plan.steps.flatMap(({ action }) => (action.kind === 'fault' ? [action.fault.fault] : []))
  // on Argo Litmus' operator has faults that no schema is known of: those that are not of pods count as of nodes
  const known = (fault: string) => plan.argo === undefined || faults.some(({ name }) => name === fault)
  const found = calls.find((fault) => names.includes(fault) || (!known(fault) && !OF_PODS.test(fault)))
  if (found === undefined) return null
  return `${found} harms whole nodes, which infrastructure ${place.name} does not allow to this project. An owner of the project that manages it can allow it to that project.`
}

export interface NodePlace {
  name: string
  nodeFaults: boolean
}

export function isDeniedNamespace(namespace: string): boolean {
  return DENIED_NAMESPACES.includes(namespace)
}

/** Why chaos may not touch this namespace; null = it may. */
export function namespaceProblem(namespace: string, guardrails: Guardrails): string | null {
  if (isDeniedNamespace(namespace)) return `namespace ${namespace} is on the built-in deny list`
  const allowed = guardrails.allowedNamespaces
  if (allowed.includes('*') || allowed.includes(namespace)) return null
  return `namespace ${namespace} is not allowed here (allowed: ${allowed.join(', ') || 'none'})`
}

function problem(code: string, message: string): Problem {
  return { code, message, severity: 'error' }
}
