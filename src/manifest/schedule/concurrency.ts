import { CONCURRENCY_POLICIES, type ConcurrencyPolicy } from '../../domain/index.ts'
import type { NodeReader } from '../node-reader.ts'

export function readConcurrency(at: NodeReader, otherwise: ConcurrencyPolicy): ConcurrencyPolicy {
  const word = at.text() || otherwise
  const policy = CONCURRENCY_POLICIES.find((known) => known === word)
  if (policy !== undefined) return policy
  at.problem('manifest/concurrency', `There is no policy ${word}. There are: ${CONCURRENCY_POLICIES.join(', ')}.`)
  return otherwise
}
