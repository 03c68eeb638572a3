import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../src/demo/patience.ts'
import { faultline, startSibling } from '../src/demo/processes.ts'
import { Clone } from '../src/demo/repository.ts'
import { SHOP_NAMESPACE, SHOP_WORKFLOW } from '../src/demo/shop/manifest.ts'
import { PROJECT, type Stage, setStage, WORKFLOW_PATH } from '../src/demo/stage.ts'
import { freePort } from '../test/harness/free-port.ts'
import { type Figure, measure, timed } from './measure.ts'

const SAMPLES = 5

/** The whole product as a newcomer meets it: remote on loopback, poll every 2 s. */
export async function* story(): AsyncGenerator<Figure> {
  yield* await startUp()
  const stage = await setStage({ port: await freePort(), env: process.env, say: () => undefined })
  try {
    yield await pushToVisible(stage)
    yield await saveToInGit(stage)
    yield await releaseToRun(stage)
  } finally {
    await stage.close()
  }
}

/** Until the API answers: a new data folder (with initdb and migrations), then the same one again. */
async function startUp(): Promise<Figure[]> {
  const fresh: string[] = []
  const first = await measure('start-up, new data folder', SAMPLES, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'faultline-bench-'))
    fresh.push(folder)
    return startOnce(folder)
  })
  const [folder = ''] = fresh
  const again = await measure('start-up, existing data folder', SAMPLES, () => startOnce(folder))
  for (const made of fresh) await rm(made, { recursive: true, force: true })
  return [first, again]
}

async function startOnce(folder: string): Promise<number> {
  const port = await freePort()
  const env = { ...process.env, FAULTLINE_DATA_FOLDER: join(folder, 'data'), FAULTLINE_PORT: String(port) }
  const started = performance.now()
  const server = startSibling('server', ['serve'], { env, log: join(folder, 'server.log') })
  await until('the server answers', 30, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok)
  const took = performance.now() - started
  await server.stop()
  return took
}

async function pushToVisible(stage: Stage): Promise<Figure> {
  const clone = await Clone.make(stage.cloneUrl, join(stage.folder, 'bench-clone'), process.env)
  let number = 0
  return measure('push → visible in the API (poll every 2 s)', 9, async () => {
    const text = `${await clone.read(WORKFLOW_PATH)}# ${++number}\n`
    // at any moment between two looks, not always right after one
    await sleep(Math.random() * 2000)
    await clone.push(WORKFLOW_PATH, text, `Change ${number}`)
    return timed(() =>
      until('the push is seen', 20, async () => (await stage.api.workflow(PROJECT, SHOP_WORKFLOW)).text === text)
    )
  })
}

async function saveToInGit(stage: Stage): Promise<Figure> {
  return measure('save in the portal → In git (read back from the remote)', 9, async () => {
    const before = await stage.api.workflow(PROJECT, SHOP_WORKFLOW)
    const text = `${before.text}# saved\n`
    return timed(async () => {
      const edit = await stage.api.saveWorkflow(PROJECT, SHOP_WORKFLOW, { text, etag: before.etag, message: 'Bench' })
      if (edit.state !== 'merged') throw new Error(`the edit is ${edit.state}: ${edit.reason}`)
    })
  })
}

/** From the moment the new rollout is healthy until its run exists. */
async function releaseToRun(stage: Stage): Promise<Figure> {
  let number = 0
  return measure('release: rollout healthy → run started', SAMPLES, async () => {
    const known = new Set((await stage.api.runs(PROJECT)).items.map((run) => run.id))
    const image = `storefront=shop/storefront:v3-${++number}`
    await faultline(
      ['local', 'set', 'image', 'deployment/storefront', image, '--namespace', SHOP_NAMESPACE],
      stage.agentEnv
    )
    const run = await until('the run exists', 30, async () =>
      (await stage.api.runs(PROJECT)).items.find((found) => !known.has(found.id))
    )
    const change = (await stage.api.changes(PROJECT)).items.find(({ decisions }) =>
      decisions.some((decision) => decision.run === run.id)
    )
    const started = await until(
      'the run has started',
      10,
      async () => (await stage.api.run(PROJECT, run.id)).startedAt ?? undefined
    )
    await stage.api.post(`/projects/${PROJECT}/runs/${run.id}/stop`, { reason: 'measured' })
    await until('the run has ended', 30, async () => (await stage.api.run(PROJECT, run.id)).endedAt !== null)
    return Date.parse(started) - Date.parse(change?.decidedAt ?? started)
  })
}
