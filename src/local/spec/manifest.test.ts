import { expect, test } from 'vitest'
import { cart, cartService } from '../fixtures/workloads.ts'
import { parseObject } from './object-spec.ts'

type Fields = Record<string, unknown>

/** The manifest with one place changed: `spec.template.spec.containers.0.image`. */
function changed(manifest: object, place: string, value: unknown): unknown {
  const copy = structuredClone(manifest) as Fields
  const keys = place.split('.')
  const last = keys.pop() ?? ''
  let inner = copy
  for (const key of keys) inner = inner[key] as Fields
  inner[last] = value
  return copy
}

const POD = 'spec.template.spec'
const CONTAINER = `${POD}.containers.0`

const SIDECAR = { name: 'log', image: 'log:1', command: ['log'], ports: [{ name: 'metrics', containerPort: 9090 }] }

test.each([
  ['kind', undefined, /^Object 1: kind is not a text/],
  [
    'kind',
    'Job',
    /Job\/cart \(apps\/v1\) cannot run on a local infrastructure. Deployment, .* \(apps\/v1\) and Service/
  ],
  ['apiVersion', 'extensions/v1beta1', /\(extensions\/v1beta1\) cannot run/],
  ['metadata.name', '../etc', /metadata.name is not a DNS label/],
  ['metadata.name', 'x'.repeat(64), /metadata.name is not a DNS label/],
  ['metadata.namespace', 'a b', /metadata.namespace is not a DNS label/],
  ['metadata.labels', { app: 1 }, /metadata.labels.app is not a text; put it in quotes/],
  ['metadata.annotations', ['x'], /metadata.annotations is not a map/],
  ['spec', null, /spec.template.spec.containers is empty/],
  ['spec.replicas', '2', /spec.replicas is not a number from 0 to 100/],
  ['spec.replicas', 1.5, /spec.replicas is not a whole number/],
  ['spec.replicas', 101, /spec.replicas is not a number from 0 to 100/],
  ['spec.replicas', Number.NaN, /spec.replicas is not a number/],
  ['spec.selector.matchLabels', {}, /matchLabels is empty/],
  ['spec.selector.matchLabels', { app: 'other' }, /matchLabels has app=other, the labels of the template do not/],
  ['spec.strategy.type', 'Recreate', /spec.strategy.type must be RollingUpdate/],
  ['spec.strategy.rollingUpdate.maxSurge', '1000%', /maxSurge is not a number/],
  ['spec.progressDeadlineSeconds', 0, /progressDeadlineSeconds is not a number from 1/],
  [`${POD}.containers`, 'cart', /containers is not a list/],
  [`${POD}.containers`, [{}, {}], /containers\[0\].command is missing/],
  [`${POD}.containers`, Array(21).fill({}), /containers are more than 20/],
  [`${POD}.containers`, [SIDECAR, SIDECAR], /containers have the name log twice/],
  [`${POD}.containers`, [SIDECAR, { ...SIDECAR, name: 'b' }], /containers have the port metrics twice/],
  [`${POD}.containers`, [{ ...SIDECAR, name: '../x' }], /containers\[0\].name is not a DNS label/],
  [`${POD}.initContainers`, [{}], /initContainers\[0\].command is missing/],
  [`${POD}.initContainers`, [{ ...SIDECAR, restartPolicy: 'Always' }], /restartPolicy is not known.* list a sidecar/],
  [`${CONTAINER}.ports`, [{}], /ports\[0\].containerPort is not a number from 1/],
  [`${CONTAINER}.command`, undefined, /containers\[0\].command is missing: a local pod is a process/],
  [`${CONTAINER}.command`, ['sh', 7], /containers\[0\].command\[1\] is not a text/],
  [`${CONTAINER}.command`, ['sh', 'a\0b'], /containers\[0\].command\[1\] is not a text/],
  [`${CONTAINER}.image`, 'a\0b', /containers\[0\].image is not a text/],
  [`${CONTAINER}.env`, [{ name: 'A=B', value: 'x' }], /env\[0\].name is not the name of a variable/],
  [`${CONTAINER}.env`, [{ name: 'A', value: 1 }], /env\[0\].value is not a text/],
  [`${CONTAINER}.env`, [{ name: 'A', valueFrom: {} }], /env\[0\].valueFrom is not known/],
  [`${CONTAINER}.envFrom`, [{}], /envFrom is not known/],
  [`${CONTAINER}.readinessProbe`, { exec: {} }, /readinessProbe must be httpGet or tcpSocket/],
  [`${CONTAINER}.readinessProbe`, { httpGet: { path: '/\r\nhost: x' } }, /httpGet.path is not a path/],
  [`${CONTAINER}.readinessProbe`, { tcpSocket: {}, failureThreshold: 0.5 }, /failureThreshold is not a number from 1/],
  [`${POD}.terminationGracePeriodSeconds`, 1e9, /terminationGracePeriodSeconds is not a number from 0 to 300/]
])('a Deployment with %s = %o is refused by name', (place, value, reason) => {
  expect(() => parseObject(changed(cart(), place, value), 0)).toThrow(reason)
})

test.each([
  ['spec.updateStrategy', { type: 'Recreate' }, /updateStrategy.type must be RollingUpdate or OnDelete/],
  ['spec.updateStrategy', { rollingUpdate: { partition: -1 } }, /partition is not a number from 0/],
  ['spec.podManagementPolicy', 'parallel', /podManagementPolicy must be OrderedReady or Parallel/],
  ['spec.volumeClaimTemplates', [{ metadata: { name: '../data' } }], /volumeClaimTemplates\[0\].* is not a DNS label/]
])('a StatefulSet with %s = %o is refused by name', (place, value, reason) => {
  expect(() => parseObject(changed({ ...cart(), kind: 'StatefulSet' }, place, value), 0)).toThrow(reason)
})

test.each([
  ['spec.selector', {}, /spec.selector is empty/],
  ['spec.ports', [], /spec.ports must name exactly one port/],
  ['spec.ports', [{ port: 80 }, { port: 81 }], /exactly one port/],
  ['spec.ports', [{ port: 0 }], /ports\[0\].port is not a number from 1/],
  ['spec.ports', [{ port: 80, nodePort: 70_000 }], /nodePort is not a number from 1 to 65535/],
  ['spec.ports', [{ port: 80, nodePort: 80.5 }], /nodePort is not a whole number/]
])('a Service with %s = %o is refused by name', (place, value, reason) => {
  expect(() => parseObject(changed(cartService(), place, value), 0)).toThrow(reason)
})

test.each([null, 'text', 7, [], [[]], { __proto__: null }])('%o is no object', (manifest) => {
  expect(() => parseObject(manifest, 2)).toThrow(/^Object 3: kind is not a text/)
})

test('what has no effect is said', () => {
  const resources = { requests: { cpu: '1' }, limits: { memory: '1Gi', 'ephemeral-storage': '1Gi' } }
  const spec = parseObject(changed(cart(), `${CONTAINER}.resources`, resources), 0)
  expect(spec.warnings).toEqual([
    'resources.requests.cpu has no effect on a local infrastructure',
    'resources.limits.memory has no effect on a local infrastructure'
  ])
})

test.each([
  ['500Mi', 500 * 2 ** 20],
  ['1.5G', 1.5e9],
  [4096, 4096],
  [undefined, null]
])('an ephemeral-storage limit of %s is %s bytes', (quantity, bytes) => {
  const limits = { 'ephemeral-storage': quantity }
  const spec = parseObject(changed(cart(), `${CONTAINER}.resources`, { limits }), 0)
  expect(spec.kind !== 'Service' && spec.template.ephemeralStorageBytes).toBe(bytes)
})

test.each(['500 Mi', '-1', '1Zi', '1constructor', 'Mi', {}])(
  'an ephemeral-storage limit of %o is refused by name',
  (quantity) => {
    const limits = { 'ephemeral-storage': quantity }
    expect(() => parseObject(changed(cart(), `${CONTAINER}.resources`, { limits }), 0)).toThrow(
      /limits.ephemeral-storage is not a quantity of bytes/
    )
  }
)
