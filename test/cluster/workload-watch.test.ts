import { afterAll, beforeAll, expect, it } from 'vitest'
import { workloadAspects } from '../../src/agent/index.ts'
import { KubeClient, WorkloadWatch } from '../../src/cluster/index.ts'
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
