import type { Pass } from '../../contract/index.ts'

export type PassOutcome = Pass['outcome']

/** Of the passes that are shown, as it is in the URL. */
export const PASS_OUTCOMES = ['changed', 'failed', 'withheld', 'nothing'] as const satisfies readonly PassOutcome[]
