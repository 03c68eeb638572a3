import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../src/demo/patience.ts'
import { faultline } from '../src/demo/processes.ts'
import { SHOP_NAMESPACE } from '../src/demo/shop/manifest.ts'
import { PROJECT, type Stage, setStage } from '../src/demo/stage.ts'
import type { Fact } from '../src/domain/index.ts'
import { freePort } from '../test/harness/free-port.ts'
import { type Figure, figure, timed } from './measure.ts'

const LATENCY_MS = 300
const MEMORY_MIB = 100
const CPU_SHARE = 50
const REQUESTS = 15

/** How near a fault comes to what was asked for, in per cent of it, on real processes. */
export async function* faultAccuracy(): AsyncGenerator<Figure> {
  const stage = await setStage({ port: await freePort(), env: process.env, say: () => undefined })
  try {
    yield await latency(stage)
    yield await load(stage, { fault: 'pod-memory-hog', env: { MEMORY_CONSUMPTION: String(MEMORY_MIB) } })
    yield await load(stage, { fault: 'pod-cpu-hog', env: { CPU_CORES: '1', CPU_LOAD: String(CPU_SHARE) } })
  } finally {
    await stage.close()
  }
}

/** Requests to the Service, before and during the fault. */
async function latency(stage: Stage): Promise<Figure> {
  const ask = await asker(stage, 'reviews')
  const usual = await ask()
  const run = await start(stage, { fault: 'pod-network-latency', env: { NETWORK_LATENCY: String(LATENCY_MS) } })
  await proved(stage, run)
  const delays = []
  for (let number = 0; number < REQUESTS; number++) delays.push((((await ask()) - usual) / LATENCY_MS) * 100)
  await end(stage, run)
  return figure(`pod-network-latency of ${LATENCY_MS} ms, as requests feel it`, '%', delays)
}

/** What the fault's own evidence says it has achieved, of what was asked for. */
async function load(stage: Stage, fault: Wish): Promise<Figure> {
  const run = await start(stage, fault)
  const evidence = await proved(stage, run)
  await end(stage, run)
  const [, asked, achieved] = /^([\d.]+) .*asked.*?([\d.]+) \S+ achieved/.exec(evidence) ?? []
  if (achieved === undefined) throw new Error(`the evidence is "${evidence}"`)
  return figure(`${fault.fault}: ${evidence.replace(/ on .*/, '')}`, '%', [(Number(achieved) / Number(asked)) * 100])
}

interface Wish {
  fault: string
  env: Record<string, string>
}

async function asker(stage: Stage, service: string): Promise<() => Promise<number>> {
  const args = ['local', 'get', 'services', '--namespace', SHOP_NAMESPACE, '--output', 'json']
  const { services } = JSON.parse(await faultline(args, stage.agentEnv)) as {
    services: { name: string; host: string; port: number }[]
  }
  const found = services.find(({ name }) => name === service)
  if (found === undefined) throw new Error(`there is no Service ${service}`)
  return () => timed(async () => (await fetch(`http://${found.host}:${found.port}/healthz`)).text())
}

async function start({ api }: Stage, { fault, env }: Wish): Promise<string> {
  await api.createWorkflow(PROJECT, engine(fault, env), 'For the bench')
  await until('it is there', 20, async () => (await api.workflow(PROJECT, fault)).sync === 'in-git')
  const { id } = await api.startRun(PROJECT, fault)
  return until('it runs', 20, async () => (await api.runRequest(PROJECT, id)).run ?? undefined)
}

async function proved({ api }: Stage, run: string): Promise<string> {
  const isProof = (fact: Fact) => fact.type === 'injection' && fact.stage === 'effect-proved'
  const found = await until('its effect is seen', 40, async () => (await api.facts(PROJECT, run)).facts.find(isProof))
  return found.type === 'injection' ? found.evidence : ''
}

async function end({ api }: Stage, run: string): Promise<void> {
  await api.post(`/projects/${PROJECT}/runs/${run}/stop`, { reason: 'measured' })
  await until('it has ended', 40, async () => (await api.run(PROJECT, run)).endedAt !== null)
  await sleep(500)
}

function engine(fault: string, env: Record<string, string>): string {
  const values = Object.entries({ TOTAL_CHAOS_DURATION: '60', ...env })
  return `apiVersion: litmuschaos.io/v1alpha1
kind: ChaosEngine
metadata: { name: ${fault} }
spec:
  appinfo: { appns: ${SHOP_NAMESPACE}, applabel: app=reviews, appkind: deployment }
  experiments:
    - name: ${fault}
      spec:
        components:
          env:
${values.map(([name, value]) => `            - { name: ${name}, value: '${value}' }`).join('\n')}
`
}
