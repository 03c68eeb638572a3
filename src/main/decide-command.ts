import type { Run } from '../contract/index.ts'
import { type ApprovalOutcome, undecidedSteps } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'
import { at } from './run-follow.ts'
import type { ServerClient } from './server-client.ts'
import { projectOf } from './stop-command.ts'

export interface DecideOrder {
  id: string
  /** null: it is looked for in all that the token opens */
  project: string | null
  /** its id or name; null: the only one that waits */
  step: string | null
  outcome: ApprovalOutcome
  reason: string | null
}

/** `faultline approve` and `reject`: says to a step that waits what a person decided. */
export async function decide(order: DecideOrder, client: ServerClient): Promise<{ run: Run; sentence: string }> {
  const { id, outcome, reason } = order
  const path = `${at(order.project ?? (await projectOf(id, client)))}/runs/${encodeURIComponent(id)}`
  const { step, name } = chosen(await client.get<Run>(path), order.step)
  const run = await client.post<Run>(`${path}/approvals`, { step, outcome, ...(reason !== null && { reason }) })
  return { run, sentence: `${name} of ${run.workflow}: ${outcome}.` }
}

function chosen(run: Run, wanted: string | null): Run['steps'][number] {
  const waiting = undecidedSteps(run)
  const [found, ...others] = waiting.filter(({ step, name }) => wanted === null || wanted === step || wanted === name)
  if (found !== undefined && others.length === 0) return found
  if (found === undefined) {
    const what = wanted === null ? 'Nothing of this run waits' : `The step ${wanted} does not wait`
    throw new AppError({ code: 'main/not-waiting', kind: 'clash', message: `${what} for a person.` })
  }
  const ids = waiting.map(({ step }) => step).join(', ')
  throw new AppError({ code: 'main/which-step', kind: 'invalid', message: `Say which by --step: ${ids}.` })
}
