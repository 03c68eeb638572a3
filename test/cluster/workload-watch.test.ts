import { afterAll, beforeAll, expect, it } from 'vitest'
import { workloadAspects } from '../../src/agent/index.ts'
import { KubeClient, WorkloadWatch } from '../../src/cluster/index.ts'
import { readWatchedKind } from '../../src/domain/index.ts'
import { silentLogger, systemClock } from '../../src/platform/index.ts'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { soon } from '../harness/soon.ts'
import { RoughProxy } from './rough-proxy.ts'
import { APPS, daemonSet, deployment, rolledOut, setImage, statefulSet } from './workloads.ts'

let namespace: TestNamespace
let proxy: RoughProxy
let client: KubeClient
let watch: WorkloadWatch

beforeAll(async () => {
  namespace = await testNamespace('workloads')
  proxy = await RoughProxy.open(namespace.admin)
  client = new KubeClient(proxy.access, systemClock)
  watch = new WorkloadWatch({
    client,
    namespace: namespace.name,
    further: [
      kind('batch/v1/CronJob'),
      kind('batch/v1/Job'),
      kind(`${namespace.name}.example.com/v1/Fleet:spec.pods.template`)
    ],
    aspects: workloadAspects,
    clock: systemClock,
    log: silentLogger()
  })
  watch.start([])
})
afterAll(async () => {
  await watch.stop()
  await client.close()
  await proxy.close()
  await namespace.close()
})

const kind = (text: string) => {
  const read = readWatchedKind(text)
  if (read === null) throw new Error(text)
  return read
}

const seen = (name: string, paths: readonly string[] = []) =>
  watch.workloads(paths).find((workload) => workload.name === name)

it('each kind is seen with its rollout, from its beginning to its health', async () => {
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 2))
  await namespace.admin.create(namespace.in(APPS, 'statefulsets'), statefulSet('data', 'data:1', 2))
  await namespace.admin.create(namespace.in(APPS, 'daemonsets'), daemonSet('logs', 'logs:1'))
  for (const [name, kind] of [
    ['web', 'Deployment'],
    ['data', 'StatefulSet'],
    ['logs', 'DaemonSet']
  ])
    await soon(() =>
      expect(seen(name ?? '')).toMatchObject({
        kind,
        namespace: namespace.name,
        rollout: 'healthy',
        aspects: { image: { [name ?? '']: `${name}:1` } }
      })
    )
})

it('a new image is never seen as healthy before its pods are there', async () => {
  const states: string[] = []
  const end = watch.onChange(() => {
    const web = seen('web')
    if (web?.aspects.image?.web === 'web:2') states.push(web.rollout)
  })
  await setImage(namespace, 'web', 'web:2')
  await rolledOut(namespace, 'web', 2)
  await soon(() => expect(states.at(-1)).toBe('healthy'))
  end()
  expect(states[0]).toBe('progressing')
  expect(states.indexOf('healthy')).toBeGreaterThan(0)
})

it('an expression that is asked for later has its value after a new list, and what was known stays meanwhile', async () => {
  const paths = ['spec.replicas', 'spec.template.spec.containers[0].image']
  expect(seen('web', paths)).toBeDefined()
  const path = { 'spec.replicas': '2', 'spec.template.spec.containers[0].image': 'web:2' }
  await soon(() => expect(seen('web', paths)?.aspects).toMatchObject({ path }))
  await setImage(namespace, 'web', 'web:3')
  await soon(() => expect(seen('web', paths)?.aspects.path).toMatchObject({ [paths[1] ?? '']: 'web:3' }))
})

const BATCH = '/apis/batch/v1'
const pod = (image: string) => ({ spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } })

it('a CronJob is seen, and its Jobs are not; a Job of its own is', async () => {
  const nightly = { schedule: '0 3 * * *', jobTemplate: { spec: { template: pod('nightly:1') } } }
  const made = await namespace.admin.create(namespace.in(BATCH, 'cronjobs'), {
    metadata: { name: 'nightly' },
    spec: nightly
  })
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: made.metadata.uid, controller: true }
  const job = (name: string, ownerReferences: object[]) =>
    namespace.admin.create(namespace.in(BATCH, 'jobs'), {
      metadata: { name, ownerReferences },
      spec: { suspend: true, template: pod('job:1') }
    })
  await job('nightly-1', [owner])
  await job('once', [])
  await soon(() => expect(seen('nightly')).toMatchObject({ kind: 'CronJob', rollout: 'healthy' }))
  await soon(() => expect(seen('once')).toMatchObject({ kind: 'Job', rollout: 'progressing' }))
  expect(seen('nightly')?.aspects.image).toEqual({ main: 'nightly:1' })
  expect(seen('nightly-1')).toBeUndefined()
})

it('a kind of ones own, which is made later, is seen with the template that lies elsewhere', async () => {
  const group = `${namespace.name}.example.com`
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  await namespace.admin.create(definitions, {
    metadata: { name: `fleets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'fleets', kind: 'Fleet' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }]
    }
  })
  const fleet = (image: string, ready: string) => ({
    apiVersion: `${group}/v1`,
    kind: 'Fleet',
    metadata: { name: 'fleet' },
    spec: { pods: { template: { spec: { containers: [{ name: 'ship', image }] } } } },
    status: { conditions: [{ type: 'Ready', status: ready }] }
  })
  const fleets = namespace.in(`/apis/${group}/v1`, 'fleets')
  await namespace.until('the kind is served', () =>
    namespace.admin.create(fleets, fleet('ship:1', 'True')).then(
      () => true,
      () => false
    )
  )
  await soon(() => expect(seen('fleet')).toMatchObject({ aspects: { image: { ship: 'ship:1' } }, rollout: 'healthy' }))
  await namespace.admin.patch(`${fleets}/fleet`, fleet('ship:2', 'Unknown'))
  await soon(() =>
    expect(seen('fleet')).toMatchObject({ aspects: { image: { ship: 'ship:2' } }, rollout: 'progressing' })
  )
  await namespace.admin.remove(`${definitions}/fleets.${group}`)
  await soon(() => expect(seen('fleet')).toBeUndefined())
})
