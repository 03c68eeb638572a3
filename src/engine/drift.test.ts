import { expect, test } from 'vitest'
import { faultStep, stage, task } from './fixtures/stage.ts'

const never = new AbortController().signal

async function harmed(fault: string, meanwhile: (scene: ReturnType<typeof stage>) => void, replicas = 2) {
  const scene = stage({ replicas })
  const tunables = { TOTAL_CHAOS_DURATION: '5' }
  const over = scene.engine.run(task([faultStep('harm', { fault, tunables })]), { signal: never, emit: scene.emit })
  await expect.poll(() => scene.of('injection').some(({ stage }) => stage === 'effect-proved')).toBe(true)
  meanwhile(scene)
  expect(await over).toBe('completed')
  return { ...scene, result: scene.of('fault-result')[0], said: scene.of('log').map(({ text }) => text) }
}

test('a harm that leaves all as it was is clean', async () => {
  const { result } = await harmed('pod-network-latency', () => undefined)
  expect(result).toMatchObject({ recovery: 'clean', verdict: 'pass', evidence: expect.not.stringMatching(/differs/) })
})

test('a pod that went away or was restarted meanwhile is drifted: said in the result and in the log', async () => {
  const gone = await harmed('pod-network-latency', async ({ target }) => {
    const [pod] = await target.pods({ namespace: 'shop', kind: 'deployment', labels: { app: 'cart' } })
    if (pod !== undefined) await target.deletePod(pod)
  })
  expect(gone.result).toMatchObject({
    recovery: 'drifted',
    verdict: 'pass',
    evidence: expect.stringMatching(/; differs from before: pod cart-1 is gone$/)
  })
  expect(gone.said).toContainEqual(expect.stringMatching(/the state differs from before: pod cart-1 is gone/))
  expect(gone.journal.records.size).toBe(0)
  const restarted = await harmed('pod-memory-hog', async ({ target }) => {
    const [pod] = await target.pods({ namespace: 'shop', kind: 'deployment', labels: { app: 'cart' } })
    if (pod !== undefined) await target.killContainer(pod)
  })
  expect(restarted.result).toMatchObject({
    recovery: 'drifted',
    evidence: expect.stringMatching(/pod cart-1 was restarted \(1\)/)
  })
})

test('a workload that asks for another number of pods is drifted; what a fault replaces itself is not', async () => {
  const scaled = await harmed('pod-delete', ({ target }) => target.scale(1))
  expect(scaled.result).toMatchObject({
    recovery: 'drifted',
    evidence: expect.stringMatching(/deployment\/cart asked for 2 pods and asks for 1/)
  })
  const replaced = await harmed('pod-delete', () => undefined)
  expect(replaced.result).toMatchObject({ recovery: 'clean' })
})
