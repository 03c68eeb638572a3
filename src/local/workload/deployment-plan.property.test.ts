import fc from 'fast-check'
import { expect, test } from 'vitest'
import { daemonSetMoves } from './daemonset-plan.ts'
import { deploymentComplete, deploymentMoves } from './deployment-plan.ts'
import type { RolloutMoves, RolloutPod } from './rollout.ts'

const spec = fc.record({
  replicas: fc.integer({ min: 0, max: 6 }),
  maxSurge: fc.integer({ min: 0, max: 3 }),
  maxUnavailable: fc.integer({ min: 0, max: 3 })
})

const world = fc
  .array(fc.record({ current: fc.boolean(), ready: fc.boolean(), terminating: fc.boolean() }), { maxLength: 10 })
  .map((states): RolloutPod[] =>
    states.map((state, index) => ({
      uid: `old-${index}`,
      ordinal: null,
      ...state,
      ready: state.ready && !state.terminating
    }))
  )

const live = (pods: readonly RolloutPod[]) => pods.filter((pod) => !pod.terminating)
const ready = (pods: readonly RolloutPod[]) => pods.filter((pod) => pod.ready)

test('a step makes no more pods than the surge allows, and takes no serving pod that is still needed', () => {
  fc.assert(
    fc.property(spec, world, (wish, pods) => {
      const { create, remove } = deploymentMoves(wish, pods)
      const surge = Math.max(wish.maxSurge, wish.maxUnavailable === 0 ? 1 : 0)
      if (create.length > 0) expect(live(pods).length + create.length).toBeLessThanOrEqual(wish.replicas + surge)
      const left = ready(pods).filter((pod) => !remove.includes(pod.uid))
      if (left.length < ready(pods).length)
        expect(left.length).toBeGreaterThanOrEqual(Math.min(wish.replicas, wish.replicas - wish.maxUnavailable))
      expect(new Set(remove).size).toBe(remove.length)
    })
  )
})

test('whatever is there, with pods that get ready in the end it becomes complete, and then nothing more is to be done', () => {
  fc.assert(
    fc.property(spec, world, fc.infiniteStream(fc.boolean()), (wish, start, coins) => {
      const pods = untilNothingMoves(
        start,
        (now) => deploymentMoves(wish, now),
        () => coins.next().value ?? true
      )
      expect(deploymentComplete(wish, pods)).toBe(true)
      expect(live(pods)).toHaveLength(wish.replicas)
    })
  )
})

test('a DaemonSet with OnDelete keeps its old pod, and makes one only where none is', () => {
  fc.assert(
    fc.property(world, (pods) => {
      const moves = daemonSetMoves({ replicas: 1, maxSurge: 0, maxUnavailable: 1, update: 'OnDelete' }, pods)
      expect(moves.create).toHaveLength(live(pods).length === 0 ? 1 : 0)
      expect(moves.remove).toHaveLength(Math.max(0, live(pods).length - 1))
    })
  )
})

/** The controller's work, and the world's: what goes may take a while, what comes too. */
function untilNothingMoves(
  start: readonly RolloutPod[],
  plan: (pods: RolloutPod[]) => RolloutMoves,
  coin: () => boolean
) {
  let pods = [...start]
  for (let step = 0; step < 500; step++) {
    const { create, remove } = plan(pods)
    if (create.length + remove.length === 0 && pods.every((pod) => pod.ready)) break
    const made = create.map((_, index) => ({
      uid: `new-${step}-${index}`,
      ordinal: null,
      current: true,
      ready: false,
      terminating: false
    }))
    pods = pods
      .map((pod) => (remove.includes(pod.uid) ? { ...pod, ready: false, terminating: true } : pod))
      .filter((pod) => !(pod.terminating && coin()))
      .map((pod) => (!pod.terminating && coin() ? { ...pod, ready: true } : pod))
      .concat(made)
  }
  return pods
}
