import { type Approval, approvalSentence } from './approval.ts'
import type { PlanStep } from './run-plan.ts'

/** A step that harms nothing and only takes time: it waits for a person, or for the clock. */
export interface StepWait {
  step: string
  name: string
  /** ms since 1970; `ended` is null while it waits */
  began: number
  ended: number | null
  what: 'person' | 'clock'
  /** "approved by ana: the board is quiet"; null where nobody has decided, or nobody is asked */
  decision: string | null
}

interface WaitingRun {
  plan: { steps: readonly Pick<PlanStep, 'id' | 'name' | 'action'>[] }
  steps: readonly { step: string; startedAt: string | null; endedAt: string | null }[]
  approvals: readonly (Approval & { at: string })[]
}

/** The waits of a run that have begun, in the order of the plan. */
export function stepWaits({ plan, steps, approvals }: WaitingRun): StepWait[] {
  return plan.steps.flatMap(({ id, name, action }) => {
    const state = steps.find(({ step }) => step === id)
    if ((action.kind !== 'approval' && action.kind !== 'pause') || !state?.startedAt) return []
    const approval = approvals.find(({ step }) => step === id)
    const ended = approval?.at ?? state.endedAt
    return [
      {
        step: id,
        name,
        began: Date.parse(state.startedAt),
        ended: ended === null ? null : Date.parse(ended),
        what: action.kind === 'approval' ? 'person' : 'clock',
        decision: approval === undefined ? null : approvalSentence(approval)
      }
    ]
  })
}
