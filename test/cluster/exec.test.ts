import { afterAll, beforeAll, expect, it } from 'vitest'
import { clusterTarget, type KubeClient } from '../../src/cluster/index.ts'
import { partOf, type TargetPod } from '../../src/engine/index.ts'
import { kill, look, start } from '../../src/faults/exec-processes.ts'
import { LOOPS } from '../../src/faults/pod-cpu-hog-exec/pod-cpu-hog-exec.ts'
import { HOLD } from '../../src/faults/pod-memory-hog-exec/pod-memory-hog-exec.ts'
import { newId, systemClock } from '../../src/platform/index.ts'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { clientOf } from './client-of.ts'
import { ENDS_ON_TERM, HANDLES_NOTHING, TestNode } from './test-node.ts'
import { APPS, deployment, rolledOut } from './workloads.ts'

/** Commands in containers, through a real API server, to a kubelet of ours that runs them as real processes. */
let namespace: TestNamespace
let node: TestNode
let client: KubeClient
let pod: TargetPod

beforeAll(async () => {
  namespace = await testNamespace('exec')
  node = await TestNode.join(namespace)
  client = clientOf(namespace.admin)
  await namespace.admin.create(namespace.in(APPS, 'deployments'), node.holds(deployment('web', 'web:1', 1)))
  await rolledOut(namespace, 'web', 1)
  pod = await thePod()
})
afterAll(async () => {
  await client.close()
  await node.close()
  await namespace.close()
})

const target = () => clusterTarget(client)
const selector = () => ({ namespace: namespace.name, kind: 'deployment', labels: { app: 'web' } })
const { signal } = new AbortController()

async function thePod(): Promise<TargetPod> {
  const [found] = await target().pods(selector())
  if (found === undefined) throw new Error('no pod')
  return found
}

const run = (argv: string[], more: { container?: string; timeoutMs?: number; pod?: TargetPod } = {}) =>
  partOf(target(), 'exec').run(more.pod ?? pod, {
    container: more.container ?? null,
    argv,
    timeoutMs: more.timeoutMs ?? 15_000,
    signal
  })

it('what a command says, on both ways, and how it ends comes back; its words stay as they are', async () => {
  const script = 'printf "%s|" "$@"; echo no >&2; exit 3'
  expect(await run(['sh', '-c', script, 'sh', 'a b', '', '*', '"$x"'])).toEqual({
    code: 3,
    output: 'a b||*|"$x"|',
    errors: 'no\n'
  })
  expect(await run(['true'])).toEqual({ code: 0, output: '', errors: '' })
})

it('one that comes to no end, or says too much, is given up', async () => {
  await expect(run(['sleep', '60'], { timeoutMs: 500 })).rejects.toMatchObject({ code: 'cluster/exec-late' })
  await expect(run(['yes'])).rejects.toMatchObject({ code: 'cluster/exec-too-much' })
})

it('another pod of that name, an unknown container, an account without the right: each is said', async () => {
  await expect(run(['true'], { pod: { ...pod, uid: 'other' } })).rejects.toMatchObject({ code: 'cluster/pod-gone' })
  await expect(run(['true'], { container: 'db' })).rejects.toThrow(/has no container db; it has web/)
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }]
  const account = await namespace.account('looker', rules)
  const looker = clientOf(account.api)
  const command = { container: null, argv: ['true'], timeoutMs: 15_000, signal }
  const denied = partOf(clusterTarget(looker), 'exec').run(pod, command)
  await expect(denied).rejects.toThrow(/looker lacks the right to get pods\/exec in namespace/)
  await looker.close()
})

async function begin(script: string, words: [string, string]) {
  const place = { injection: newId(), pod, container: null }
  const world = { target: target(), clock: systemClock, signal }
  await start(place, { script, words }, world)
  return { seen: () => look(place, world), end: () => kill(place, world) }
}

it('loops take processor time until they are killed; those of another injection go on', async () => {
  const [one, other] = [await begin(LOOPS, ['60', '2']), await begin(LOOPS, ['60', '1'])]
  await expect.poll(async () => (await one.seen()).cores).toBeGreaterThan(0.1)
  expect((await one.seen()).count).toBeGreaterThanOrEqual(3)
  await one.end()
  await expect.poll(async () => (await one.seen()).count).toBe(0)
  expect((await other.seen()).count).toBeGreaterThan(0)
  await other.end()
  await expect.poll(async () => (await other.seen()).count).toBe(0)
})

it('memory is held until it is let go', async () => {
  const { seen, end } = await begin(HOLD, ['60', String(30 * 1024 * 1024)])
  await expect.poll(async () => (await seen()).bytes).toBeGreaterThan(30 * 1024 * 1024)
  await end()
  await expect.poll(async () => (await seen()).count).toBe(0)
})

it.each([
  ['loops', LOOPS, '1'],
  ['memory', HOLD, '1000000']
])('%s ends by itself where nobody ends it', async (_, script, amount) => {
  const { seen } = await begin(script, ['10', amount])
  await expect.poll(async () => (await seen()).count).toBeGreaterThan(0)
  await expect.poll(async () => (await seen()).count, { timeout: 40_000 }).toBe(0)
})

it('the first process of a container is ended from within and started again; one that handles nothing stays', async () => {
  const restarts = async () => (await thePod()).restarts.web ?? 0
  const kill = (name: 'SIGKILL' | 'SIGTERM') =>
    partOf(target(), 'containers').killContainer(pod, { container: null, signal: name })
  await kill('SIGTERM')
  await expect.poll(restarts).toBe(1)
  node.program = HANDLES_NOTHING
  await kill('SIGKILL')
  await expect.poll(restarts).toBe(2)
  node.program = ENDS_ON_TERM
  await kill('SIGKILL')
  await kill('SIGTERM')
  expect(await node.processes(pod.name, 'web')).toContainEqual(expect.stringContaining(HANDLES_NOTHING))
  expect(await restarts()).toBe(2)
})
