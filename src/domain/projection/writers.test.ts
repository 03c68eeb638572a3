import { assert, constantFrom, dictionary, letrec, oneof, property, string } from 'fast-check'
import { expect, it } from 'vitest'
import { writersOf } from './writers.ts'

const written = (manager: string, fieldsV1: object, subresource?: string) => ({
  metadata: { managedFields: [{ manager, operation: 'Update', fieldsV1, ...(subresource && { subresource }) }] }
})
const REPLICAS = { 'f:spec': { 'f:replicas': {} } }

it('what a run of ours wrote is told, field by field', () => {
  const container = {
    'k:{"name":"cart"}': {
      '.': {},
      'f:image': {},
      'f:env': { 'k:{"name":"LEVEL"}': { 'f:value': {} } },
      'f:resources': { 'f:limits': { 'f:cpu': {} } },
      'f:readinessProbe': { 'f:periodSeconds': {} }
    }
  }
  const template = {
    'f:metadata': { 'f:annotations': { 'f:kubectl.kubernetes.io/restartedAt': {} } },
    'f:spec': { 'f:containers': container, 'f:nodeSelector': {} }
  }
  const fields = {
    'f:metadata': { 'f:labels': { 'f:tier': {} } },
    'f:spec': { 'f:replicas': {}, 'f:template': template }
  }
  expect(writersOf(written('faultline', fields), ['spec.replicas', 'spec.paused', 'spec.*'])).toMatchObject({
    'replicas/replicas': 'run',
    'labels/tier': 'run',
    'restart/restartedAt': 'run',
    'image/cart': 'run',
    'env/cart/LEVEL': 'run',
    'resources/cart/limits.cpu': 'run',
    'probes/cart/readiness': 'run',
    'scheduling/nodeSelector': 'run',
    'path/spec.replicas': 'run'
  })
})

it.each([
  ['the HPA', written('kube-controller-manager', REPLICAS, 'scale'), { 'replicas/replicas': 'autoscaler' }],
  ['KEDA', written('keda-operator', REPLICAS, 'scale'), { 'replicas/replicas': 'autoscaler' }],
  ['a person by kubectl scale', written('kubectl', REPLICAS, 'scale'), {}],
  ['a controller that rolls out', written('kube-controller-manager', REPLICAS), {}],
  ['a person by kubectl apply', written('kubectl-client-side-apply', REPLICAS), {}],
  ['our own status', written('faultline', REPLICAS, 'status'), {}]
])('replicas that were set by %s', (_who, object, writers) => {
  expect(writersOf(object, [])).toEqual(writers)
})

it('whatever an object looks like, there is an answer', () => {
  const keys = constantFrom(
    'metadata',
    'managedFields',
    'fieldsV1',
    'f:spec',
    'f:template',
    'f:containers',
    'k:{"name":"x"}'
  )
  const { tree } = letrec((tie) => ({ tree: oneof(string(), dictionary(keys, tie('tree'), { maxKeys: 3 })) }))
  assert(
    property(tree, (odd) => {
      const object = { metadata: { managedFields: [odd, { manager: 'faultline', fieldsV1: odd }] } }
      expect(writersOf(object, ['spec.replicas'])).toBeTypeOf('object')
    })
  )
})
