import { join } from 'node:path'
import type { Run } from '../contract/index.ts'
import { isFinal } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'
import { until } from './patience.ts'
import { faultline } from './processes.ts'
import { Clone } from './repository.ts'
import { SHOP_NAMESPACE, SHOP_WORKFLOW } from './shop/manifest.ts'
import { PROJECT, type Stage, WORKFLOW_PATH } from './stage.ts'

const RUN_SECONDS = 60

/** Plays the story as a person would, and ends with an error unless each step was really observed. */
export async function playStory(stage: Stage, say: (text: string) => void): Promise<void> {
  await pushIsSeen(stage, say)
  await portalEditReachesGit(stage, say)
  await firstRun(stage, say)
  await release(stage, 'v2', { say, expect: (run) => run.verdict === 'fail' && run.score !== null && run.score < 100 })
  await release(stage, 'v3', { say, expect: (run) => run.verdict === 'pass' && run.score === 100 })
}

/** A developer pushes an edit; the portal shows its text, in git at that commit. */
async function pushIsSeen(stage: Stage, say: (text: string) => void): Promise<void> {
  const clone = await Clone.make(stage.cloneUrl, join(stage.folder, 'developer'), stage.env)
  const text = (await clone.read(WORKFLOW_PATH)).replace(
    'should not notice either.',
    'should not notice either of them.'
  )
  const commit = await clone.push(WORKFLOW_PATH, text, 'Say it better')
  const seen = await until(`the pushed text of ${SHOP_WORKFLOW} in the API`, 15, async () => {
    const workflow = await stage.api.workflow(PROJECT, SHOP_WORKFLOW)
    return workflow.text === text && workflow.sync === 'in-git' && workflow
  })
  demand(seen.commit === commit, `the workflow is shown at ${seen.commit}, pushed was ${commit}`)
  say(`a push of the developer is in the portal: commit ${commit.slice(0, 7)}`)
}

/** An edit in the portal; a fresh clone has it. */
async function portalEditReachesGit(stage: Stage, say: (text: string) => void): Promise<void> {
  const before = await stage.api.workflow(PROJECT, SHOP_WORKFLOW)
  const text = before.text.replace('# First a pod', '# Edited in the portal. First a pod')
  demand(text !== before.text, 'the edit changes something')
  const edit = await stage.api.saveWorkflow(PROJECT, SHOP_WORKFLOW, {
    text,
    etag: before.etag,
    message: 'Edit it in the portal'
  })
  const merged = await until('the edit is in git', 15, async () => {
    const workflow = await stage.api.workflow(PROJECT, SHOP_WORKFLOW)
    return workflow.sync === 'in-git' && workflow.text === text && workflow
  })
  const fresh = await Clone.make(stage.cloneUrl, join(stage.folder, `fresh-${edit.id}`), stage.env)
  demand((await fresh.read(WORKFLOW_PATH)) === text, 'a fresh clone has the text that was saved in the portal')
  say(`an edit in the portal is in a fresh clone: commit ${merged.commit?.slice(0, 7)}`)
}

async function firstRun(stage: Stage, say: (text: string) => void): Promise<void> {
  const request = await stage.api.startRun(PROJECT, SHOP_WORKFLOW)
  const started = await until('the run request is admitted', 10, async () => {
    const { run, state, reason } = await stage.api.runRequest(PROJECT, request.id)
    demand(state !== 'refused' && state !== 'dropped', `the run was refused: ${reason}`)
    return run ?? undefined
  })
  const run = await ended(stage, started)
  demand(run.verdict === 'pass' && run.score === 100, `v1 holds (${told(run)})`)
  say(`v1 holds: ${told(run)}`)
}

/** A release by `set image`: it is detected, and its run is as expected. */
async function release(
  stage: Stage,
  version: string,
  { say, expect }: { say: (text: string) => void; expect: (run: Run) => boolean }
): Promise<void> {
  const known = new Set((await stage.api.runs(PROJECT)).items.map((run) => run.id))
  const image = `shop/storefront:${version}`
  await faultline(
    ['local', 'set', 'image', 'deployment/storefront', `storefront=${image}`, '--namespace', SHOP_NAMESPACE],
    stage.agentEnv
  )
  const started = await until(`the release of ${image} starts a run`, 30, async () => {
    const { items } = await stage.api.runs(PROJECT)
    return items.find((run) => !known.has(run.id) && run.cause.kind === 'workload-change')
  })
  const { cause } = started
  demand(
    cause.kind === 'workload-change' && cause.changes.some(({ after }) => after === image),
    `the run names ${image}`
  )
  say(`release of ${image} detected, its run has begun`)
  const run = await ended(stage, started.id)
  demand(expect(run), `${version} is judged as expected (${told(run)})`)
  const failed = await failedProbes(stage, run)
  if (run.verdict === 'fail') demand(failed.length > 0, 'the failed probe is named')
  say(`${version}: ${told(run)}${failed.length > 0 ? `, failed probe: ${failed.join(', ')}` : ''}`)
}

async function failedProbes(stage: Stage, run: Run): Promise<string[]> {
  const { facts } = await stage.api.facts(PROJECT, run.id)
  return facts.flatMap((fact) =>
    fact.type === 'probe-result' && fact.verdict === 'fail' ? [`${fact.probe} (${fact.evidence})`] : []
  )
}

async function ended(stage: Stage, id: string): Promise<Run> {
  const run = await until('the run ends', RUN_SECONDS, async () => {
    const found = await stage.api.run(PROJECT, id)
    return isFinal(found.phase) && found
  })
  demand(run.phase === 'completed', `the run completes (${told(run)})`)
  demand(run.recovery === 'clean', `recovery is clean (${told(run)})`)
  return run
}

function told(run: Run): string {
  return `phase ${run.phase}, verdict ${run.verdict}, score ${run.score ?? 'not applicable'}, recovery ${run.recovery ?? 'none'}${run.reason ? ` (${run.reason})` : ''}`
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new AppError({ code: 'demo/not-observed', kind: 'stalled', message: `Not observed: ${what}` })
}
