import { expect, it } from 'vitest'
import type { EventPolicy } from './event-policy.ts'
import { policyWords } from './policy-words.ts'

const ANY = { infrastructures: [], namespaces: [], kinds: [], names: [], labels: {}, annotated: false }
const PLAIN: EventPolicy = {
  workloads: ANY,
  events: ['changed'],
  when: { kind: 'field', aspect: 'image', key: null, from: [], to: [], steps: [], autoscaler: false },
  rollout: { wait: true, timeoutSeconds: 600, otherwise: 'skip' },
  debounceSeconds: 0,
  cooldownSeconds: 0,
  limit: null,
  windows: [],
  run: []
}

it('says what a policy does that asks for nothing special', () => {
  expect(policyWords(PLAIN)).toEqual({
    selects: 'every workload',
    when: 'image changes',
    pacing: ['waits 10 min for a healthy rollout, then starts nothing'],
    runs: ['the workflows that the annotation of the workload names']
  })
})

it('says each of its selectors, conditions and times', () => {
  const { selects, when, pacing, runs } = policyWords({
    ...PLAIN,
    workloads: {
      ...ANY,
      kinds: ['Deployment', 'StatefulSet'],
      names: ['cart*'],
      namespaces: ['shop'],
      annotated: true
    },
    events: ['changed', 'rollout-failed'],
    when: {
      kind: 'all',
      of: [
        { kind: 'field', aspect: 'image', key: 'cart', from: [], to: [], steps: ['major', 'minor'], autoscaler: false },
        { kind: 'not', of: { kind: 'state', aspect: 'replicas', key: null, is: [{ op: 'gt', value: '3' }] } }
      ]
    },
    rollout: { wait: false, timeoutSeconds: 600, otherwise: 'skip' },
    debounceSeconds: 90,
    cooldownSeconds: 3600,
    limit: { runs: 1, perSeconds: 86_400 },
    windows: [{ days: [1, 2], from: 540, to: 960, timezone: 'Europe/Berlin' }],
    run: [{ workflow: 'chaos', parameters: {} }]
  })
  expect(selects).toBe(
    'every Deployment or StatefulSet named cart* in the namespace shop that has opted in by annotation'
  )
  expect(when).toBe(
    'image cart changes by a major or minor version and (not (replicas is more than 3)); or its rollout fails'
  )
  expect(pacing).toEqual([
    'does not wait for the rollout',
    'starts when nothing has changed for 90 s',
    'at most once in 1 h for a workload',
    'at most 1 run in 1 d',
    'only Mon, Tue, 09:00 to 16:00 (Europe/Berlin)'
  ])
  expect(runs).toEqual(['chaos'])
})
