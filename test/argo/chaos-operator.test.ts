import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { KubeObject } from '../../tools/testbed/kube-api.ts'
import { APPS, CORE, deployment, rolledOut } from '../cluster/workloads.ts'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'

/** Litmus' operator on the test bed. */
const LITMUS = '/apis/litmuschaos.io/v1alpha1'
let namespace: TestNamespace

beforeAll(async () => {
  namespace = await testNamespace('litmus')
})
afterAll(() => namespace.close())

interface ChaosEngine extends KubeObject {
  status?: { engineStatus?: string }
}

const engine = () =>
  parse(`
    apiVersion: litmuschaos.io/v1alpha1
    kind: ChaosEngine
    metadata: { name: harm }
    spec:
      engineState: active
      annotationCheck: "false"
      appinfo: { appns: ${namespace.name}, applabel: app=web, appkind: deployment }
      chaosServiceAccount: default
      experiments: [{ name: pod-delete }]
  `)

/** What Litmus' hub installs: without it the operator makes no runner. */
const podDelete = () =>
  parse(`
    apiVersion: litmuschaos.io/v1alpha1
    kind: ChaosExperiment
    metadata: { name: pod-delete }
    spec:
      definition:
        scope: Namespaced
        image: litmuschaos/go-runner:simulated
        command: [/bin/bash]
        args: [-c, ./experiments -name pod-delete]
  `)

const status = async () =>
  (await namespace.admin.get<ChaosEngine>(namespace.in(LITMUS, 'chaosengines/harm'))).status?.engineStatus

const runners = async () =>
  (await namespace.admin.list(namespace.in(CORE, 'pods')))
    .map(({ metadata }) => metadata.name)
    .filter((name) => name === 'harm-runner')

it('an active ChaosEngine gets its runner pod, which goes when the engine is stopped', async () => {
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 1))
  await rolledOut(namespace, 'web', 1)
  await namespace.admin.create(namespace.in(LITMUS, 'chaosexperiments'), podDelete())
  await namespace.admin.create(namespace.in(LITMUS, 'chaosengines'), engine())
  await namespace.until('the runner pod is there', async () => (await runners()).length === 1)
  await namespace.until('the engine is initialized', async () => (await status()) === 'initialized')

  await namespace.admin.patch(namespace.in(LITMUS, 'chaosengines/harm'), { spec: { engineState: 'stop' } })
  await namespace.until('the runner pod is gone', async () => (await runners()).length === 0)
  expect(await namespace.until('the engine is stopped', async () => (await status()) === 'stopped')).toBe(true)
})
