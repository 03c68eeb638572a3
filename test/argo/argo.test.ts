import { afterAll, beforeAll, expect, it } from 'vitest'
import type { KubeObject } from '../../tools/testbed/kube-api.ts'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'

/** Argo's controller on the test bed: steps are pods that succeed or fail by themselves. */
const ARGO = '/apis/argoproj.io/v1alpha1'
let namespace: TestNamespace

beforeAll(async () => {
  namespace = await testNamespace('argo')
})
afterAll(() => namespace.close())

interface Workflow extends KubeObject {
  status?: {
    phase?: string
    nodes?: Record<string, { displayName: string; type: string; phase: string; message?: string }>
  }
}

const container = { image: 'alpine:3', command: ['sh', '-c'], args: ['true'] }

function workflow(name: string, steps: readonly { name: string; template: string }[], templates: object[]): object {
  const main = { name: 'main', steps: steps.map((step) => [step]) }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name },
    spec: { entrypoint: 'main', templates: [main, ...templates] }
  }
}

async function run(name: string, object: object): Promise<Workflow> {
  await namespace.admin.create(namespace.in(ARGO, 'workflows'), object)
  return namespace.until(`${name} is over`, async () => {
    const found = await namespace.admin.get<Workflow>(namespace.in(ARGO, `workflows/${name}`))
    return ['Succeeded', 'Failed', 'Error'].includes(found.status?.phase ?? '') && found
  })
}

function podsOf({ status }: Workflow): string[] {
  const nodes = Object.values(status?.nodes ?? {}).filter(({ type }) => type === 'Pod')
  return nodes.map(({ displayName, phase }) => `${displayName} ${phase}`).sort()
}

it('a workflow of two steps completes', async () => {
  const steps = ['one', 'two'].map((name) => ({ name, template: 'work' }))
  const done = await run('two-steps', workflow('two-steps', steps, [{ name: 'work', container }]))
  expect(done.status?.phase).toBe('Succeeded')
  expect(podsOf(done)).toEqual(['one Succeeded', 'two Succeeded'])
})

it('a step that fails ends its workflow with what it said, and the next one is not begun', async () => {
  const fails = { metadata: { annotations: { 'testbed.faultline.dev/exit-code': '1' } } }
  const steps = [
    { name: 'bad', template: 'bad' },
    { name: 'never', template: 'good' }
  ]
  const templates = [
    { name: 'bad', container, ...fails },
    { name: 'good', container }
  ]
  const done = await run('fails', workflow('fails', steps, templates))
  expect(done.status?.phase).toBe('Failed')
  expect(podsOf(done)).toEqual(['bad Failed'])
  expect(JSON.stringify(done.status?.nodes)).toContain('exit code 1')
})

it('the image of a Litmus step needs no command', async () => {
  const checker = {
    name: 'checker',
    inputs: { artifacts: [{ name: 'engine', path: '/tmp/engine.yaml', raw: { data: 'kind: ChaosEngine' } }] },
    container: { image: 'litmuschaos/litmus-checker:latest', args: ['-file=/tmp/engine.yaml'] }
  }
  const done = await run('litmus', workflow('litmus', [{ name: 'harm', template: 'checker' }], [checker]))
  expect(podsOf(done)).toEqual(['harm Succeeded'])
})
