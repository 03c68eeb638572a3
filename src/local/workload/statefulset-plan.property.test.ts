import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RolloutPod } from './rollout.ts'
import { type OrderedSpec, statefulSetComplete, statefulSetMoves } from './statefulset-plan.ts'

const spec = fc.record({
  replicas: fc.integer({ min: 0, max: 5 }),
  update: fc.constantFrom('RollingUpdate' as const, 'OnDelete' as const),
  partition: fc.integer({ min: 0, max: 6 }),
  parallel: fc.boolean()
})

/** any pods, at most one of an ordinal: what a crash, a person and a fault may have left */
const world = fc
  .uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 8 })
  .chain((ordinals) =>
    fc.tuple(
      ...ordinals.map((ordinal) =>
        fc
          .record({ current: fc.boolean(), ready: fc.boolean(), terminating: fc.boolean() })
          .map((state) => ({ uid: `old-${ordinal}`, ordinal, ...state, ready: state.ready && !state.terminating }))
      )
    )
  )

type Pod = RolloutPod & { ordinal: number }

test('an ordinal is never there twice, and one after another means: all below are ready, the highest goes first', () => {
  fc.assert(
    fc.property(spec, world, (wish, pods: Pod[]) => {
      const { create, remove } = statefulSetMoves(wish, pods)
      const created = create.map(({ ordinal }) => ordinal ?? -1)
      for (const ordinal of created) expect(pods.map((pod) => pod.ordinal)).not.toContain(ordinal)
      const surplus = pods.filter((pod) => pod.ordinal >= wish.replicas)
      const scaled = surplus.filter(({ uid }) => remove.includes(uid))
      if (!wish.parallel) {
        expect(created.length).toBeLessThanOrEqual(1)
        for (const ordinal of created)
          for (let below = 0; below < ordinal; below++)
            expect(pods.find((pod) => pod.ordinal === below)).toMatchObject({ ready: true })
        expect(scaled.length).toBeLessThanOrEqual(1)
        for (const pod of scaled) expect(surplus.every((one) => one.ordinal <= pod.ordinal)).toBe(true)
        if (scaled.length > 0) expect(surplus.some((pod) => pod.terminating)).toBe(false)
      }
    })
  )
})

test('an update takes one pod at a time, old ones only, never below the partition, a serving one only while all others serve', () => {
  fc.assert(
    fc.property(spec, world, (wish, pods: Pod[]) => {
      const { remove } = statefulSetMoves(wish, pods)
      const wanted = pods.filter((pod) => pod.ordinal < wish.replicas)
      const updated = wanted.filter(({ uid }) => remove.includes(uid))
      expect(updated.length).toBeLessThanOrEqual(1)
      for (const pod of updated) {
        expect(pod).toMatchObject({ current: false, terminating: false })
        expect(pod.ordinal).toBeGreaterThanOrEqual(wish.partition)
        expect(wish.update).toBe('RollingUpdate')
        expect(wanted.some((one) => one.terminating)).toBe(false)
        if (pod.ready) expect(wanted.filter((one) => one.ready).length).toBe(wish.replicas)
      }
    })
  )
})

test('whatever is there, with pods that get ready in the end it becomes complete, and then nothing more is to be done', () => {
  fc.assert(
    fc.property(spec, world, fc.infiniteStream(fc.boolean()), (wish, start: Pod[], coins) => {
      let pods = start
      for (let step = 0; step < 500; step++) {
        pods = turn(wish, pods, () => coins.next().value ?? true)
        if (wish.update === 'OnDelete') pods = pods.filter((pod) => pod.current || pod.terminating)
        const { create, remove } = statefulSetMoves(wish, pods)
        if (create.length + remove.length === 0 && pods.every((pod) => pod.ready)) break
      }
      expect(statefulSetMoves(wish, pods)).toEqual({ create: [], remove: [] })
      expect(pods.map((pod) => pod.ordinal).sort()).toEqual([...Array(wish.replicas).keys()])
      expect(statefulSetComplete(wish, pods)).toBe(true)
    }),
    { numRuns: 300 }
  )
})

/** The controller's work, and the world's: what goes may take a while, what comes too. */
function turn(wish: OrderedSpec, pods: readonly Pod[], coin: () => boolean): Pod[] {
  const { create, remove } = statefulSetMoves(wish, pods)
  const left = pods
    .map((pod) => (remove.includes(pod.uid) ? { ...pod, ready: false, terminating: true } : pod))
    .filter((pod) => !(pod.terminating && coin()))
    .map((pod) => (!pod.terminating && coin() ? { ...pod, ready: true } : pod))
  const made = create.map(({ ordinal, template }) => ({
    uid: `new-${ordinal}`,
    ordinal: ordinal ?? -1,
    current: template === 'current',
    ready: false,
    terminating: false
  }))
  return [...left, ...made]
}

const pods = (...states: string[]): Pod[] =>
  states.map((state, ordinal) => ({
    uid: `pod-${ordinal}`,
    ordinal,
    current: state.startsWith('new'),
    ready: state.endsWith('ready'),
    terminating: state === 'going'
  }))

const rolling: OrderedSpec = { replicas: 3, update: 'RollingUpdate', partition: 0, parallel: false }

test.each([
  ['the highest goes first', rolling, pods('old ready', 'old ready', 'old ready'), ['pod-2']],
  ['the next waits for it', rolling, pods('old ready', 'old ready', 'new'), []],
  ['a partition is kept', { ...rolling, partition: 2 }, pods('old ready', 'old ready', 'new ready'), []],
  ['OnDelete waits', { ...rolling, update: 'OnDelete' as const }, pods('old ready', 'old ready', 'old ready'), []],
  ['a broken old one is replaced at once', rolling, pods('old ready', 'old', 'old ready'), ['pod-1']]
])('%s', (_what, wish, there, remove) => {
  expect(statefulSetMoves(wish, there)).toEqual({ create: [], remove })
})

test('a pod that goes below a rollout that stands still comes back as it was', () => {
  const [first, , last] = pods('old ready', 'old ready', 'new')
  const { create } = statefulSetMoves(
    rolling,
    [first, last].filter((pod) => pod !== undefined)
  )
  expect(create).toEqual([{ ordinal: 1, template: 'previous' }])
})
