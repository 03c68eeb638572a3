import { until } from '../src/demo/patience.ts'
import { PROJECT, type Stage, setStage } from '../src/demo/stage.ts'
import { freePort } from '../test/harness/free-port.ts'
import { type Figure, figure } from './measure.ts'

const STEPS = 30
const RUNS = 100
const SAMPLES = 5

/** What the engine costs besides what the steps are there for, with a real agent. */
export async function* manyRuns(): AsyncGenerator<Figure> {
  const stage = await setStage({ port: await freePort(), env: process.env, say: () => undefined })
  try {
    yield await overheadOfStep(stage)
    yield await runsAtOnce(stage)
  } finally {
    await stage.close()
  }
}

/** A workflow of pauses, one after another. */
function pauses(name: string, steps: number): string {
  const groups = Array.from({ length: steps }, (_, number) => `        - - { name: p${number}, template: pause }`)
  return `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: ${name} }
spec:
  entrypoint: all
  templates:
    - name: pause
      suspend: { duration: 1s }
    - name: all
      steps:
${groups.join('\n')}
`
}

async function overheadOfStep({ api }: Stage): Promise<Figure> {
  await api.createWorkflow(PROJECT, pauses('steps', STEPS), 'For the bench')
  await until('it is there', 20, async () => (await api.workflow(PROJECT, 'steps')).sync === 'in-git')
  const values = []
  for (let number = 0; number < SAMPLES; number++) {
    const { id } = await api.startRun(PROJECT, 'steps')
    const run = await until('the run has ended', STEPS + 30, async () => {
      const { run: started } = await api.runRequest(PROJECT, id)
      const found = started === null ? undefined : await api.run(PROJECT, started)
      return found?.endedAt ? found : undefined
    })
    const took = Date.parse(run.endedAt ?? '') - Date.parse(run.startedAt ?? '')
    values.push((took - STEPS * 1000) / STEPS)
  }
  return figure(`overhead of a step, ${STEPS} pauses of a second`, 'ms', values)
}

/** From the first click until the last has ended; each pauses for a second. */
async function runsAtOnce({ api }: Stage): Promise<Figure> {
  await api.createWorkflow(PROJECT, pauses('one', 1), 'For the bench')
  await until('it is there', 20, async () => (await api.workflow(PROJECT, 'one')).sync === 'in-git')
  const started = performance.now()
  await Promise.all(Array.from({ length: RUNS }, () => api.startRun(PROJECT, 'one')))
  await until('all have ended', 300, async () => {
    const { items } = await api.get<{ items: { endedAt: string | null }[] }>(
      `/projects/${PROJECT}/runs?workflow=one&limit=${RUNS}`
    )
    return items.length === RUNS && items.every(({ endedAt }) => endedAt !== null)
  })
  return figure(`${RUNS} runs at once, each of one second`, 'ms', [performance.now() - started])
}
