import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rolloutOf } from './rollout.ts'

const seen = { metadata: { generation: 2 }, spec: { replicas: 3 } }
const status = (fields: object) => ({ ...seen, status: { observedGeneration: 2, ...fields } })
const all = { replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 }

describe('Deployment', () => {
  it.each([
    ['all are new and available', status(all), 'healthy'],
    [
      'its controller has not seen the newest spec',
      { ...seen, status: { ...all, observedGeneration: 1 } },
      'progressing'
    ],
    ['an old replica is left', status({ ...all, replicas: 4 }), 'progressing'],
    ['one is not available', status({ ...all, availableReplicas: 2 }), 'progressing'],
    ['none is asked for', { ...status({}), spec: { replicas: 0 } }, 'healthy'],
    [
      'its deadline has passed',
      status({ ...all, conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] }),
      'failed'
    ]
  ])('%s', (_what, object, rollout) => {
    expect(rolloutOf('Deployment', object)).toBe(rollout)
  })
})

describe('StatefulSet', () => {
  const partition = { spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } } }
  it.each([
    ['all are ready and of one revision', status({ ...all, currentRevision: 'b', updateRevision: 'b' }), 'healthy'],
    ['some are old', status({ ...all, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' }), 'progressing'],
    ['one is not ready', status({ ...all, readyReplicas: 2 }), 'progressing'],
    ['those from the partition on are new', { ...status({ ...all, updatedReplicas: 1 }), ...partition }, 'healthy'],
    ['one from the partition on is old', { ...status({ ...all, updatedReplicas: 0 }), ...partition }, 'progressing']
  ])('%s', (_what, object, rollout) => {
    expect(rolloutOf('StatefulSet', object)).toBe(rollout)
  })
})

describe('DaemonSet', () => {
  const on = { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 }
  it.each([
    ['all nodes have a new one', status(on), 'healthy'],
    ['one node has an old one', status({ ...on, updatedNumberScheduled: 2 }), 'progressing'],
    ['one is not available', status({ ...on, numberAvailable: 2 }), 'progressing'],
    ['there is no node for it', status({}), 'healthy']
  ])('%s', (_what, object, rollout) => {
    expect(rolloutOf('DaemonSet', object)).toBe(rollout)
  })
})

it('whatever an object looks like, there is an answer', () => {
  fc.assert(
    fc.property(fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet', 'x'), fc.anything(), (kind, odd) => {
      for (const object of [odd, { metadata: odd, spec: odd, status: odd }, { status: { conditions: odd } }])
        expect(rolloutOf(kind, object)).toMatch(/healthy|progressing|failed/)
    })
  )
})
