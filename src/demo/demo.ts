import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SHOP_NAMESPACE } from './shop/manifest.ts'
import { type Stage, setStage, WORKFLOW_PATH } from './stage.ts'
import { playStory } from './story.ts'

export interface DemoOptions {
  /** play the story without a person, and check it */
  scripted: boolean
  port: number
  env: Record<string, string | undefined>
}

/** Runs the demo until Ctrl-C, or, scripted, until its story has ended; answers the exit code. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const started = performance.now()
  const say = (text: string) => print(`${seconds(performance.now() - started)}  ${text}`)
  const interrupted = interruption()
  const setting = setStage({ ...options, say })
  const stage = await Promise.race([setting, interrupted])
  if (stage === 'interrupted') {
    await (await setting).close()
    return 130
  }
  try {
    if (options.scripted) return await play(stage, { say, interrupted })
    explain(stage)
    return await waitForEnd(stage, interrupted)
  } finally {
    print('Ending: recovering faults, then agent, server and database…')
    await stage.close()
  }
}

/**
 * Listens on: the same signal comes twice where npm hands on what its whole process group got, as from `timeout`, and the
 * second one would end us before what was started is ended and removed.
 */
function interruption(): Interrupted {
  const { promise, resolve } = Promise.withResolvers<'interrupted'>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('interrupted'))
  return promise
}

type Say = (text: string) => void
type Interrupted = Promise<'interrupted'>

async function play(stage: Stage, { say, interrupted }: { say: Say; interrupted: Interrupted }): Promise<number> {
  try {
    const lost = stage.lost.then((name) => Promise.reject(new Error(`the ${name} has ended`)))
    const end = await Promise.race([playStory(stage, say), lost, interrupted])
    if (end === 'interrupted') return 130
    say('the whole story was observed')
    return 0
  } catch (error) {
    say(`FAILED: ${error instanceof Error ? error.message : error}`)
    return 1
  }
}

async function waitForEnd(stage: Stage, interrupted: Interrupted): Promise<number> {
  const end = await Promise.race([interrupted, stage.lost])
  if (end === 'interrupted') return 0
  print(
    `The ${end} has ended; its log is shown by starting the demo again with FAULTLINE_LOG_LEVEL=debug. Ending the rest.`
  )
  return 1
}

function explain(stage: Stage): void {
  const setImage = (version: string) =>
    `FAULTLINE_AGENT_FOLDER=${stage.agentEnv.FAULTLINE_AGENT_FOLDER} npx faultline local set image deployment/storefront storefront=shop/storefront:${version} -n ${SHOP_NAMESPACE}`
  const clone = join(tmpdir(), `shop-${process.pid}`)
  print(`
  Faultline is running:  ${stage.url.href}
  Login:                 admin / ${stage.password}

  Try, in another terminal (the two releases from this folder):

  1. Clone the repository that the workflows live in
     git clone -c user.name=Dana -c user.email=dana@example.com ${stage.cloneUrl} ${clone}

  2. Edit the workflow, push, and see it in the portal
     cd ${clone} && sed -i 's/NETWORK_LATENCY/NETWORK_LATENCY # was 3000/' ${WORKFLOW_PATH} && git commit -am "Note the latency" && git push; cd -

  3. Release v2 of the storefront: chaos starts by itself, and finds what tests did not
     ${setImage('v2')}

  4. Release v3, which mends it
     ${setImage('v3')}

  Ctrl-C ends everything.
`)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
