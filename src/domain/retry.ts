import type { RetryRule } from './run-plan.ts'
import type { StepState } from './step-status.ts'

export interface Attempted {
  /** attempts made so far */
  attempts: number
  /** ms since the first one began */
  elapsedMs: number
  end: StepState
}

/**
 * After how many ms a step is tried again; null = not again. Errors and timeouts are tried again by every policy but
 * `on-error`, which leaves timeouts; failed probes by `on-failure` and `always`, since in Argo Litmus' checker fails then.
 */
export function retryAfterMs(rule: RetryRule, { attempts, elapsedMs, end }: Attempted): number | null {
  if (attempts > rule.limit || !concerns(rule.policy, end)) return null
  const grown = rule.backoffMs * rule.factor ** (attempts - 1)
  const ms = Math.min(grown, rule.capMs ?? grown)
  return rule.withinMs !== null && elapsedMs + ms > rule.withinMs ? null : ms
}

function concerns(policy: RetryRule['policy'], { phase, failed }: StepState): boolean {
  if (phase === 'error') return true
  return policy !== 'on-error' && (phase === 'timeout' || (phase === 'completed' && failed === true))
}
