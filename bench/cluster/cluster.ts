import { readFile, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { KubeClient, kubeconfigAccess } from '../../src/cluster/index.ts'
import { KindWatch } from '../../src/cluster/watch/kind-watch.ts'
import { until } from '../../src/demo/patience.ts'
import { textAt } from '../../src/domain/index.ts'
import { silentLogger, systemClock } from '../../src/platform/index.ts'
import { type Figure, figure, quantile } from '../measure.ts'
import { residentMemory } from '../process-load.ts'
import { ClusterBench } from './cluster-stage.ts'
import { DecisionStream } from './decision-stream.ts'

const POLICIES = 50
const PATCHES = 30
const BURST = 100
const PAUSE_MS = 1000
const SIZES = [100, 1000, 10_000]
const HEAP_GOALS: Readonly<Record<number, number>> = { 10000: 160 }

/** From a patch in a real cluster until the decision is stored, and what an agent costs that watches many workloads. */
export async function* cluster(): AsyncGenerator<Figure> {
  const bench = await ClusterBench.start()
  try {
    yield* await patchToDecision(bench)
    yield* await bursts(bench)
    yield* await memory(bench)
  } finally {
    await bench.close()
  }
}

/** One patch a second, with one policy and with many; each change is decided by all of them. */
async function patchToDecision(bench: ClusterBench): Promise<Figure[]> {
  await bench.addWorkloads(0, BURST)
  await bench.startAgent(BURST)
  await bench.addPolicies(0, 1)
  const one = await quiet(bench, 'one')
  await bench.addPolicies(1, POLICIES)
  const many = await quiet(bench, 'many')
  const stored = (count: number) => `image patched → decision stored, ${count} ${count === 1 ? 'policy' : 'policies'}`
  return [
    figure('the cluster alone: image patched → seen by a bare watch', 'ms', one.watched),
    figure(`${stored(1)}`, 'ms', one.decided, { name: 'Litmus', most: 11 }),
    figure(`${stored(1)}, 99 of 100 within`, 'ms', [quantile(one.decided, 0.99)], { name: 'G13', most: 500 }),
    figure(`${stored(POLICIES)}`, 'ms', many.decided, { name: 'Litmus with one', most: 11 }),
    figure(`${stored(POLICIES)}, 99 of 100 within`, 'ms', [quantile(many.decided, 0.99)], { name: 'G14', most: 1000 })
  ]
}

/** ms from the sending of each patch until a bare watch has seen it, and until the decision was told of. */
async function quiet(bench: ClusterBench, tag: string): Promise<{ watched: number[]; decided: number[] }> {
  const [stream, eye] = await Promise.all([DecisionStream.open(bench.server, bench.project), bareWatch(bench)])
  const [watched, decided]: [number[], number[]] = [[], []]
  // the first are warming up
  for (let number = -3; number < PATCHES; number++) {
    await sleep(PAUSE_MS * (0.5 + Math.random()))
    const image = `shop/app:${tag}${number + 3}`
    const [began, told, seen] = [performance.now(), stream.at(stream.count + 1), eye.saw(image)]
    await bench.setImage('w0', image)
    const times = [(await seen) - began, (await told) - began] as const
    if (number < 0) continue
    watched.push(times[0])
    decided.push(times[1])
  }
  stream.close()
  await eye.close()
  return { watched, decided }
}

/** What the API server and a watch cost without anything of ours behind. */
async function bareWatch({ cluster }: ClusterBench) {
  const client = new KubeClient(await kubeconfigAccess(cluster.kubeconfig, systemClock), systemClock)
  const waiting = new Map<string, (time: number) => void>()
  const watch = new KindWatch<string>({
    client,
    path: '/apis/apps/v1/deployments',
    project: (object) => {
      const image = textAt(Object(object).spec?.template?.spec?.containers?.[0], 'image') ?? ''
      waiting.get(image)?.(performance.now())
      return image
    },
    onChange: () => undefined,
    clock: systemClock,
    log: silentLogger()
  })
  watch.start()
  await until('the watch knows', 20, async () => watch.objects().length > 0)
  return {
    saw: (image: string) => new Promise<number>((resolve) => waiting.set(image, resolve)),
    close: async () => {
      await watch.stop()
      await client.close()
    }
  }
}

/** All at once: an undisturbed burst, and one in whose middle the agent is killed. */
async function bursts(bench: ClusterBench): Promise<Figure[]> {
  const stream = await DecisionStream.open(bench.server, bench.project)
  const began = performance.now()
  await patchAll(bench, 'shop/app:burst')
  const took = (await stream.at(BURST)) - began
  const first = await counted(bench, 'shop/app:burst')
  const killed = patchAll(bench, 'shop/app:killed')
  await stream.at(BURST + BURST / 4)
  await bench.killAgent()
  await killed
  await bench.startAgent(BURST)
  const second = await counted(bench, 'shop/app:killed')
  stream.close()
  const goal = (name: string) => ({ name, most: 0 })
  return [
    figure(`burst of ${BURST} → last decision stored, ${POLICIES} policies`, 'ms', [took]),
    figure('lost of the burst', 'number', [first.lost], goal('G14')),
    figure('doubled of the burst', 'number', [first.doubled], goal('G14')),
    figure('lost, the agent killed in the middle', 'number', [second.lost], goal('G14')),
    figure('doubled, the agent killed in the middle', 'number', [second.doubled], goal('G14'))
  ]
}

async function patchAll(bench: ClusterBench, image: string): Promise<void> {
  await Promise.all(Array.from({ length: BURST }, (_, number) => bench.setImage(`w${number}`, image)))
}

/** How many workloads have not, and how many have more than once, started a run for this image. */
async function counted(bench: ClusterBench, image: string): Promise<{ lost: number; doubled: number }> {
  const triggers = async () => {
    const changes = (await bench.changes()).filter(({ changes }) => changes.some(({ after }) => after === image))
    return changes.flatMap(({ name, decisions }) =>
      decisions.filter(({ outcome }) => outcome === 'triggered').map(() => name)
    )
  }
  await until('all are decided', 60, async () => new Set(await triggers()).size === BURST).catch(() => undefined)
  // what is doubled may come late
  await sleep(PAUSE_MS)
  const names = await triggers()
  const distinct = new Set(names).size
  return { lost: BURST - distinct, doubled: names.length - distinct }
}

/** Of an agent that has begun with so many workloads and told all of them. */
async function memory(bench: ClusterBench): Promise<Figure[]> {
  const figures: Figure[] = []
  let there = BURST
  for (const size of SIZES) {
    await bench.stopAgent()
    await bench.addWorkloads(there, size)
    there = size
    await bench.startAgent(size)
    await sleep(10 * PAUSE_MS)
    const { resident, heap } = await memoryOf(bench)
    const goal = HEAP_GOALS[size]
    figures.push(
      figure(
        `memory of the agent, ${size} workloads`,
        'MB',
        [resident],
        goal ? { name: 'G15', most: goal } : undefined
      ),
      figure(`heap in use, ${size} workloads`, 'MB', [heap])
    )
  }
  return figures
}

async function memoryOf({ agentPid, memoryFile }: ClusterBench): Promise<{ resident: number; heap: number }> {
  const resident = residentMemory(agentPid)
  await rm(memoryFile, { force: true })
  process.kill(agentPid, 'SIGUSR2')
  const told = await until('the agent tells', 10, async () => JSON.parse(await readFile(memoryFile, 'utf8')))
  return { resident, heap: Number(told.heap) / 1024 / 1024 }
}
