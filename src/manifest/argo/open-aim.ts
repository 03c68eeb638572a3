import type { FaultCall } from '../../domain/index.ts'
import type { NodeReader } from '../node-reader.ts'

/** What Argo would fill in later could be any namespace: guardrails are asked before the start, of what is known then. */
export function refuseOpen(at: NodeReader, { target, tunables }: FaultCall): void {
  const asked = [target.namespace, target.kind, ...Object.values(target.labels), tunables.TOTAL_CHAOS_DURATION ?? '']
  const open = asked.find((text) => text.includes('{{'))
  if (open !== undefined)
    at.problem(
      'manifest/open-aim',
      `What the fault aims at, and how long, must be known before the start: ${open} is not.`
    )
}
