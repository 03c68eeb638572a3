import type { StepPhase } from './words.ts'

/** What a person said to a step that waits. */
export interface Approval {
  step: string
  outcome: ApprovalOutcome
  by: string
  reason: string | null
}

export const APPROVAL_OUTCOMES = ['approved', 'rejected'] as const
export type ApprovalOutcome = (typeof APPROVAL_OUTCOMES)[number]

/** One sentence for people: "approved by ana: the board is quiet". */
export function approvalSentence({ outcome, by, reason }: Approval): string {
  return `${outcome} by ${by}${reason === null ? '' : `: ${reason}`}`
}

/** The steps of a run that wait for a person and have heard nothing yet. */
export function undecidedSteps<Step extends { step: string; phase: StepPhase }>(run: {
  steps: readonly Step[]
  approvals: readonly { step: string }[]
}): Step[] {
  const decided = new Set(run.approvals.map(({ step }) => step))
  return run.steps.filter(({ step, phase }) => phase === 'waiting' && !decided.has(step))
}
