import type { Project, Run, ServerKillSwitch } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'
import { EXIT } from './exit-codes.ts'
import type { RunResult, Surroundings } from './run-command.ts'
import { at, followRun } from './run-follow.ts'
import { RunProgress } from './run-progress.ts'

const WAIT_MS = 5 * 60_000

/** `faultline stop`: ends a run and waits for its recovery. Without a project it looks in all that the token opens. */
export async function stopRun(
  { id, project, reason }: { id: string; project: string | null; reason: string },
  { client, screen, interrupted }: Surroundings
): Promise<RunResult> {
  const found = project ?? (await projectOf(id, client))
  await client.post(`${at(found)}/runs/${encodeURIComponent(id)}/stop`, { reason })
  const progress = new RunProgress(screen)
  try {
    const { run } = await followRun({ client, project: found, progress, interrupted, until: Date.now() + WAIT_MS }, id)
    const leaked = run.recovery === 'leaked'
    const end = leaked
      ? ({ exitCode: EXIT.failed, outcome: 'failed' } as const)
      : ({ exitCode: EXIT.ok, outcome: 'passed' } as const)
    return { ...end, sentence: `The run ended as ${run.phase}, recovery ${run.recovery ?? 'not needed'}.`, run, id }
  } finally {
    progress.end()
  }
}

/** `faultline stop --all`: the kill switch of the server. It stays on until an admin releases it. */
export async function stopAll(reason: string, { client }: Pick<Surroundings, 'client'>): Promise<ServerKillSwitch> {
  return client.put<ServerKillSwitch>('/kill-switch', { reason })
}

/** Where the run is, of all projects that the token opens. */
export async function projectOf(id: string, client: Surroundings['client']): Promise<string> {
  const { items } = await client.get<{ items: Project[] }>('/projects')
  for (const { id: project } of items) {
    const run = await client.get<Run>(`${at(project)}/runs/${encodeURIComponent(id)}`).catch(notHere)
    if (run !== null) return project
  }
  throw new AppError({ code: 'api/unknown-run', kind: 'missing', message: `There is no run ${id} that you may see.` })
}

function notHere(error: unknown): null {
  if (error instanceof AppError && error.code === 'api/unknown-run') return null
  throw error
}
