import { setTimeout as delay } from 'node:timers/promises'
import type { Run, RunRequest } from '../contract/index.ts'
import { isFinal, undecidedSteps } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'
import type { RunProgress } from './run-progress.ts'
import type { ServerClient } from './server-client.ts'

const LOOK_MS = 500
/** a server that is restarted meanwhile is waited for */
const PATIENCE_MS = 60_000
/** an interrupted command waits so many looks for its run, to stop it */
const ADMISSION_LOOKS = 20
/** a recovery that takes longer is left to the agent, which goes on with it */
const RECOVERY_MS = 10 * 60_000

export interface Follow {
  client: ServerClient
  project: string
  progress: RunProgress
  /** a person, or the pipeline, does not want it any more */
  interrupted: AbortSignal
  /** ms since the epoch */
  until: number
}

export interface Ended {
  run: Run
  /** why we stopped it */
  stopped: 'interrupted' | 'late' | null
}

/** Until the request is a run, or is refused. */
export async function admitted({ client, project, interrupted, until }: Follow, request: RunRequest): Promise<string> {
  let now = request
  let waited = 0
  while (now.state === 'queued' && Date.now() < until && !(interrupted.aborted && waited > ADMISSION_LOOKS)) {
    await delay(LOOK_MS)
    now = await patiently(() => client.get<RunRequest>(`${at(project)}/run-requests/${request.id}`))
    waited += 1
  }
  if (now.run !== null) return now.run
  const otherwise = now.state === 'queued' ? 'still waits and may become a run later' : `is ${now.state}`
  const message = now.reason ?? `The run request ${now.id} ${otherwise}.`
  throw new AppError({ code: 'main/not-admitted', kind: 'stalled', message })
}

/** Until the run has ended; when it is interrupted or too late, stops it and waits for its recovery. */
export async function followRun(follow: Follow, id: string): Promise<Ended> {
  const { client, project, progress, interrupted } = follow
  const path = `${at(project)}/runs/${encodeURIComponent(id)}`
  let { until } = follow
  let stopped: Ended['stopped'] = null
  for (;;) {
    const run = await patiently(() => client.get<Run>(path))
    progress.show(run)
    tellWaiting(follow, run)
    if (isFinal(run.phase)) return { run, stopped }
    if (stopped === null && (interrupted.aborted || Date.now() >= until)) {
      stopped = interrupted.aborted ? 'interrupted' : 'late'
      progress.say(stopped === 'late' ? 'It takes too long: stopping the run.' : 'Interrupted: stopping the run.')
      await patiently(() => client.post(`${path}/stop`, { reason: REASONS[stopped ?? 'late'] }))
      until = Date.now() + RECOVERY_MS
    } else if (Date.now() >= until) {
      const message = 'The run was told to stop and is still recovering; its agent goes on with that.'
      throw new AppError({ code: 'main/still-recovering', kind: 'transient', message })
    }
    await delay(LOOK_MS, undefined, stopped === null ? { signal: interrupted } : {}).catch(() => undefined)
  }
}

/** Once for each step: who looks at the log must know that nothing goes on by itself, and where to say so. */
function tellWaiting({ client, project, progress }: Follow, run: Run): void {
  for (const { step, name } of undecidedSteps(run)) {
    const page = `${client.origin}/p/${project}/runs/${run.id}`
    progress.tell(`approval of ${step}`, `${name} waits for a person: ${page}, or faultline approve ${run.id}`)
  }
}

const REASONS = {
  interrupted: 'the command line was interrupted',
  late: 'the command line waited for its longest time'
}

export function at(project: string): string {
  return `/projects/${encodeURIComponent(project)}`
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'transient' || Date.now() >= end) throw error
    }
    await delay(2 * LOOK_MS)
  }
}
