import { DEFAULT_GUARDRAILS, type EngineSetting, type InfrastructureKind, namespaceProblem } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'

/** An engine as it is asked for; what is left out is chosen. */
export type EngineWish = { kind: 'builtin' } | { kind: 'argo'; namespace?: string; instance?: string | null }

export interface EnginePlace {
  kind: InfrastructureKind
  /** the only one that its agent observes; null = all */
  namespace: string | null
}

const ARGO_NAMESPACE = 'argo'

/**
 * What will execute the runs of a place. Rejects with `accounts/no-argo` where there is no cluster, and
 * `accounts/argo-namespace` for a namespace that its agent may not look at, or that no chaos may touch.
 */
export function engineSetting(wish: EngineWish, { kind, namespace: watched }: EnginePlace): EngineSetting {
  if (wish.kind === 'builtin') return { kind: 'builtin' }
  if (kind !== 'kubernetes')
    throw refused('accounts/no-argo', 'Argo Workflows runs on Kubernetes alone: leave "engine" out.')
  const { namespace = watched ?? ARGO_NAMESPACE, instance = null } = wish
  if (watched !== null && namespace !== watched)
    throw refused(
      'accounts/argo-namespace',
      `The agent is connected for namespace ${watched} alone, so Argo’s workflows must be there.`
    )
  const problem = namespaceProblem(namespace, DEFAULT_GUARDRAILS)
  if (problem !== null) throw refused('accounts/argo-namespace', `Workflows cannot be made there: ${problem}.`)
  return { kind: 'argo', namespace, instance }
}

function refused(code: string, message: string): AppError {
  return new AppError({ code, kind: 'invalid', message })
}
