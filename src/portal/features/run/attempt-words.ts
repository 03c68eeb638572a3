import type { FaultStory } from '../../../domain/index.ts'

/** "attempt 2 of 3"; null where there is only one. */
export function attemptWords({ mostAttempts }: FaultStory, attempt: number): string | null {
  return mostAttempts === 1 ? null : `attempt ${attempt} of ${mostAttempts}`
}
