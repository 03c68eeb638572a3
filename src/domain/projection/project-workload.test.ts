import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldChanges } from '../aspects.ts'
import { projectWorkload } from './project-workload.ts'
import { quantityOf, quantityText } from './quantity-text.ts'

const tools = {
  hash: (text: string) => `hash(${text})`,
  search: (expression: string, object: unknown) => (object as Record<string, unknown> | null)?.[expression],
  template: null
}
const project = (object: unknown, paths: readonly string[] = []) => projectWorkload(object, paths, tools)

const container = {
  name: 'cart',
  image: 'shop/cart:v1',
  args: ['--port', '80'],
  env: [
    { name: 'LEVEL', value: 'info' },
    { name: 'KEY', valueFrom: { secretKeyRef: { name: 'cart', key: 'k' } } }
  ],
  resources: { limits: { cpu: '500m', memory: '1Gi' } },
  readinessProbe: { httpGet: { path: '/', port: 80 } },
  volumeMounts: [{ name: 'data', mountPath: '/data' }]
}

function deployment(change: { pod?: object; container?: object; metadata?: object; spec?: object } = {}): unknown {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart', labels: { app: 'cart' }, annotations: { owner: 'shop' }, ...change.metadata },
    spec: {
      replicas: 2,
      template: {
        metadata: { labels: { app: 'cart' } },
        spec: {
          containers: [{ ...container, ...change.container }],
          volumes: [{ name: 'data', emptyDir: {} }],
          ...change.pod
        }
      },
      ...change.spec
    }
  }
}

/** what is told of this change of the plain deployment */
const told = (change: Parameters<typeof deployment>[0]) =>
  fieldChanges(project(deployment()), project(deployment(change))).map(({ aspect, key }) => `${aspect} ${key}`)

describe('each kind of change is told by its own aspect', () => {
  const cases: [Parameters<typeof deployment>[0], string[]][] = [
    [{ container: { image: 'shop/cart:v2' } }, ['image cart']],
    [{ spec: { replicas: 3 } }, ['replicas replicas']],
    [{ container: { env: [{ name: 'LEVEL', value: 'debug' }] } }, ['env cart/KEY', 'env cart/LEVEL']],
    [{ container: { args: ['--port', '81'] } }, ['args cart']],
    [{ container: { command: ['sh'] } }, ['command cart']],
    [{ container: { resources: { limits: { cpu: '1', memory: '1Gi' } } } }, ['resources cart/limits.cpu']],
    [{ container: { readinessProbe: { tcpSocket: { port: 80 } } } }, ['probes cart/readiness']],
    [{ container: { livenessProbe: { tcpSocket: { port: 80 } } } }, ['probes cart/liveness']],
    [{ pod: { volumes: [{ name: 'data', hostPath: { path: '/d' } }] } }, ['volumes data']],
    [{ pod: { nodeSelector: { disk: 'ssd' } } }, ['scheduling nodeSelector']],
    [{ pod: { serviceAccountName: 'cart' } }, ['security serviceAccountName']],
    [{ container: { securityContext: { runAsUser: 1 } } }, ['security cart/securityContext']],
    [{ metadata: { labels: { app: 'cart', tier: 'web' } } }, ['labels tier']],
    [{ metadata: { annotations: { owner: 'team' } } }, ['annotations owner']],
    [{ pod: { initContainers: [{ name: 'first', image: 'busybox:1' }] } }, ['image first']]
  ]
  it.each(cases)('%j', (change, expected) => {
    expect(told(change)).toEqual(expected)
  })

  it('a restart is told apart from annotations that count', () => {
    const restarted = deployment() as { spec: { template: { metadata: object } } }
    restarted.spec.template.metadata = {
      labels: { app: 'cart' },
      annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z', note: 'x' }
    }
    const changes = fieldChanges(project(deployment()), project(restarted))
    expect(changes.map(({ aspect, key }) => `${aspect} ${key}`)).toEqual([
      'pod-annotations note',
      'restart restartedAt'
    ])
  })
})

describe('what means the same is no change', () => {
  it.each([
    ['quantities in other units', { container: { resources: { limits: { memory: '1024Mi', cpu: '0.5' } } } }],
    [
      'what tools note of their own work',
      {
        metadata: { annotations: { owner: 'shop', 'kubectl.kubernetes.io/last-applied-configuration': '{}' } }
      }
    ],
    ['an empty list', { pod: { initContainers: [] } }]
  ])('%s', (_what, change) => {
    expect(told(change)).toEqual([])
  })

  it('the order of keys and of containers', () => {
    const two = { containers: [container, { name: 'log', image: 'log:1' }] }
    const turned = { containers: [{ image: 'log:1', name: 'log' }, container] }
    expect(fieldChanges(project(deployment({ pod: two })), project(deployment({ pod: turned })))).toEqual([])
  })
})

it('values of variables and whole manifests stay out of what is told', () => {
  const secret = deployment({
    container: { env: [{ name: 'PASSWORD', value: 'hunter2' }] },
    metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'hunter2' } }
  })
  const hashed = projectWorkload(secret, [], { ...tools, hash: () => 'sha256:0' })
  expect(JSON.stringify(hashed)).not.toContain('hunter2')
})

describe('an expression that a policy asks for', () => {
  it('begins with a baseline: only what was looked at before can have changed', () => {
    const before = project({ x: 1, y: 1 }, ['x'])
    const after = project({ x: 2, y: 2 }, ['x', 'y'])
    expect(fieldChanges(before, after)).toEqual([{ aspect: 'path', key: 'x', before: '1', after: '2' }])
  })

  it('tells where there is nothing, and long values as their hash', () => {
    expect(project({ x: 'a'.repeat(300) }, ['x', 'y']).path).toEqual({ x: `hash(${'a'.repeat(300)})`, y: 'null' })
  })
})

it('whatever an object looks like there is an answer, and it differs in nothing from itself', () => {
  fc.assert(
    fc.property(fc.anything(), (odd) => {
      const object = { metadata: odd, spec: { replicas: odd, template: { spec: { containers: [odd], volumes: odd } } } }
      for (const one of [odd, object]) expect(fieldChanges(project(one), project(one))).toEqual([])
    })
  )
})

describe('quantities', () => {
  it.each([
    ['500m', 0.5],
    ['0.5', 0.5],
    ['100m', 0.1],
    ['1Gi', 2 ** 30],
    ['1e3', 1000],
    ['1E', 1e18],
    [2, 2],
    ['2k', 2000]
  ])('%s', (text, value) => {
    expect(quantityOf(text)).toBe(value)
  })

  it.each(['', 'much', '1 Gi', '1Q', '1e9999', '--1'])('%s is none, and stays as it is', (text) => {
    expect(quantityOf(text)).toBeNull()
    expect(quantityText(text)).toBe(text)
  })
})

it('a template may lie anywhere', () => {
  const fleet = { spec: { pods: { template: { spec: { containers: [container] } } } } }
  expect(projectWorkload(fleet, [], tools).image).toBeUndefined()
  const found = projectWorkload(fleet, [], { ...tools, template: ['spec', 'pods', 'template'] })
  expect(found.image).toEqual({ cart: 'shop/cart:v1' })
})
