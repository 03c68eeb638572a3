import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { soon } from '../../test/harness/soon.ts'
import { openFaultBench } from './fixtures/fault-bench.ts'
import { localSource } from './index.ts'

const WAIT = 'trap "exit 0" TERM; while :; do sleep 0.1; done'

/** Faults and observations are the same for all kinds of workloads: real engine, real processes, two containers in a pod. */
describe.each(['StatefulSet', 'DaemonSet'] as const)('a %s', (kind) => {
  let bench: Awaited<ReturnType<typeof openFaultBench>>

  beforeAll(async () => {
    const sidecars = [{ name: 'log', image: 'log:1', command: ['sh', '-c', WAIT] }]
    bench = await openFaultBench({ kind, sidecars })
  })
  afterAll(() => bench.close())

  const ALL = { TOTAL_CHAOS_DURATION: '1', PODS_AFFECTED_PERC: '100' }
  const pidsOf = (container: string) =>
    bench.pods().map((pod) => pod.containers.find(({ name }) => name === container)?.pid)

  test('pod-delete takes its pods, and they come back', async () => {
    const before = bench.pods()
    const harm = bench.begin('pod-delete', { ...ALL, CHAOS_INTERVAL: '1', FORCE: 'true' })
    expect(await harm.ended).toBe('completed')
    expect(harm.result()).toMatchObject({ verdict: 'pass', recovery: 'clean' })
    const replicas = before.length
    expect(harm.evidence('recovered')).toContain(`${kind.toLowerCase()}/cart has ${replicas} of ${replicas} pods ready`)
    expect(bench.pods().map(({ uid }) => uid)).not.toEqual(before.map(({ uid }) => uid))
    if (kind === 'StatefulSet') expect(bench.pods().map(({ name }) => name)).toEqual(['cart-0', 'cart-1'])
  })

  test('container-kill kills the container that it names, and no other one', async () => {
    const [cart, log] = [pidsOf('cart'), pidsOf('log')]
    const harm = bench.begin('container-kill', { ...ALL, CHAOS_INTERVAL: '1', TARGET_CONTAINER: 'log' })
    expect(await harm.ended).toBe('completed')
    expect(harm.result()).toMatchObject({ verdict: 'pass', recovery: 'clean' })
    expect(harm.evidence('effect-proved')).toHaveLength(bench.pods().length)
    for (const evidence of harm.evidence('effect-proved'))
      expect(evidence).toMatch(/^container log of pod cart-\w+ had 0 restarts and has 1$/)
    expect(pidsOf('cart')).toEqual(cart)
    expect(pidsOf('log')).not.toEqual(log)
  })

  test('its images and its rollout are observed, so a release is seen', async () => {
    const seen = () => localSource(bench.local).workloads([])[0]
    const images = { cart: 'shop/cart:v1', log: 'log:1' }
    expect(seen()).toMatchObject({
      kind,
      namespace: 'shop',
      name: 'cart',
      aspects: { image: images },
      rollout: 'healthy'
    })
    await bench.local.setImage({ kind, namespace: 'shop', name: 'cart' }, { log: 'log:2' })
    expect(seen()).toMatchObject({ aspects: { image: { ...images, log: 'log:2' } }, rollout: 'progressing' })
    const [asked] = localSource(bench.local).workloads([
      'spec.template.spec.containers[?name==`log`].image | [0]',
      'spec.gone'
    ])
    expect(Object.values(asked?.aspects.path ?? {})).toEqual(['log:2', 'null'])
    await soon(() =>
      expect(seen()).toMatchObject({ aspects: { image: { ...images, log: 'log:2' } }, rollout: 'healthy' })
    )
  })
})
