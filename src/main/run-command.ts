import { randomUUID } from 'node:crypto'
import type { Run, RunRequest } from '../contract/index.ts'
import { type Judgement, judge, type Outcome } from '../domain/index.ts'
import { EXIT } from './exit-codes.ts'
import { admitted, at, type Follow, followRun } from './run-follow.ts'
import { RunProgress, type Screen } from './run-progress.ts'
import type { ServerClient } from './server-client.ts'

export interface RunWish {
  workflow: string
  project: string
  parameters: Record<string, string>
  infrastructure: string | null
  wait: boolean
  minScore: number | null
  timeoutSeconds: number
}

export interface RunResult extends Judgement {
  exitCode: number
  /** null: it was not waited for */
  run: Run | null
  id: string
}

export interface Surroundings {
  client: ServerClient
  screen: Screen
  interrupted: AbortSignal
}

/** `faultline run`: asks for a run and, if wanted, waits for its end and judges it. */
export async function runWorkflow(wish: RunWish, { client, screen, interrupted }: Surroundings): Promise<RunResult> {
  const { workflow, project, parameters, infrastructure, timeoutSeconds } = wish
  const progress = new RunProgress(screen)
  const until = Date.now() + timeoutSeconds * 1000
  const follow: Follow = { client, project, progress, interrupted, until }
  const request = await client.post<RunRequest>(`${at(project)}/runs`, {
    workflow,
    parameters,
    key: randomUUID(),
    ...(infrastructure !== null && { infrastructure })
  })
  const id = await admitted(follow, request)
  progress.say(`run ${id} of ${workflow}: ${client.origin}/p/${project}/runs/${id}`)
  if (!wish.wait && !interrupted.aborted)
    return { exitCode: EXIT.ok, outcome: 'not-judged', sentence: 'Started.', run: null, id }
  try {
    const { run, stopped } = await followRun(follow, id)
    return { ...judged(run, { stopped, minScore: wish.minScore, timeoutSeconds }), run, id }
  } finally {
    progress.end()
  }
}

function judged(
  run: Run,
  { stopped, minScore, timeoutSeconds }: { stopped: string | null; minScore: number | null; timeoutSeconds: number }
): Judgement & { exitCode: number } {
  const ending = `it ended as ${run.phase}, recovery ${run.recovery ?? 'not needed'}`
  // it ended by itself in the moment in which it was to be stopped: that counts
  if (stopped === null || run.phase === 'completed') {
    const judgement = judge(run, minScore)
    return { ...judgement, exitCode: EXIT_OF[judgement.outcome] }
  }
  const outcome = 'not-judged'
  if (stopped === 'interrupted') return { outcome, exitCode: EXIT.interrupted, sentence: `Interrupted; ${ending}.` }
  return { outcome, exitCode: EXIT.notRun, sentence: `Not done within ${timeoutSeconds} seconds; ${ending}.` }
}

const EXIT_OF: Record<Outcome, number> = { passed: EXIT.ok, failed: EXIT.failed, 'not-judged': EXIT.notRun }
