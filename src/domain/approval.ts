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
