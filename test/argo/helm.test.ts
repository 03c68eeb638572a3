import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { stringify } from 'yaml'
import { APPS, type Deployment, deployment } from '../cluster/workloads.ts'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'

/** helm on the test bed: charts can be installed there. */
const run = promisify(execFile)
let namespace: TestNamespace
let chart: string

beforeAll(async () => {
  namespace = await testNamespace('helm')
  chart = await mkdtemp(join(tmpdir(), 'faultline-chart-'))
  await mkdir(join(chart, 'templates'))
  await writeFile(join(chart, 'Chart.yaml'), stringify({ apiVersion: 'v2', name: 'web', version: '1.0.0' }))
  const web = stringify(deployment('web', '{{ .Values.image }}', 2))
  await writeFile(join(chart, 'templates/web.yaml'), web)
})
afterAll(async () => {
  await namespace.close()
  await rm(chart, { recursive: true })
})

async function helm(...args: string[]): Promise<string> {
  const env = { KUBECONFIG: namespace.kubeconfig, HOME: chart, PATH: process.env.PATH }
  return (await run(inject('helm'), [...args, '--namespace', namespace.name], { env })).stdout
}

it('installs a chart, waits for its pods, and upgrades it', async () => {
  await helm('install', 'shop', chart, '--set', 'image=web:1', '--wait', '--timeout', '30s')
  const path = namespace.in(APPS, 'deployments/web')
  expect((await namespace.admin.get<Deployment>(path)).status?.availableReplicas).toBe(2)
  await helm('upgrade', 'shop', chart, '--set', 'image=web:2', '--wait', '--timeout', '30s')
  expect(JSON.stringify(await namespace.admin.get(path))).toContain('web:2')
  expect(await helm('list', '--short')).toBe('shop\n')
})
