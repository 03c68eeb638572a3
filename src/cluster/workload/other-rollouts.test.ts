import { expect, it } from 'vitest'
import { otherRolloutOf } from './other-rollouts.ts'

const conditions = (type: string, status: string) => ({ status: { conditions: [{ type, status }] } })
const phase = (phase: string, observedGeneration = '3') => ({
  metadata: { generation: 3 },
  status: { phase, observedGeneration }
})

it.each([
  ['Rollout', phase('Healthy'), 'healthy'],
  ['Rollout', phase('Healthy', '2'), 'progressing'],
  ['Rollout', phase('Paused'), 'progressing'],
  ['Rollout', phase('Degraded'), 'failed'],
  ['Rollout', { metadata: { generation: 1 } }, 'progressing'],
  ['CronJob', { metadata: { generation: 4 } }, 'healthy'],
  ['Job', conditions('Complete', 'True'), 'healthy'],
  ['Job', conditions('Failed', 'True'), 'failed'],
  ['Job', {}, 'progressing'],
  ['Service', conditions('Ready', 'True'), 'healthy'],
  ['Service', conditions('Ready', 'Unknown'), 'progressing'],
  ['Fleet', conditions('Available', 'False'), 'progressing'],
  ['Fleet', { metadata: { generation: 2 }, status: { observedGeneration: 1 } }, 'progressing'],
  ['Fleet', {}, 'healthy'],
  ['Fleet', { status: 'odd', metadata: 7 }, 'healthy']
])('a %s that says %j is %s', (kind, object, rollout) => {
  expect(otherRolloutOf(kind, object)).toBe(rollout)
})
