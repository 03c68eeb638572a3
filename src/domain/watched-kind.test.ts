import { expect, it } from 'vitest'
import { readWatchedKind } from './watched-kind.ts'

it.each([
  ['argoproj.io/v1alpha1/Rollout', 'rollouts', null],
  ['batch/v1/CronJob', 'cronjobs', null],
  ['serving.knative.dev/v1/Service', 'services', null],
  ['example.com/v1beta2/Proxy:spec.pods.template', 'proxies', ['spec', 'pods', 'template']],
  ['example.com/v1/Mesh', 'meshes', null]
])('%s', (text, plural, template) => {
  expect(readWatchedKind(text)).toMatchObject({ plural, template })
})

it.each([
  'Rollout',
  'argoproj.io/Rollout',
  'argoproj.io/v1/Rollout/x',
  'argoproj.io/v1/rollouts',
  'argoproj.io/v1/Rollout:spec..template',
  'argoproj.io/v1/Rollout:a:b',
  '../v1/Rollout',
  'a/v1/R?watch=1',
  '/v1/Pod',
  ''
])('"%s" is none', (text) => {
  expect(readWatchedKind(text)).toBeNull()
})
