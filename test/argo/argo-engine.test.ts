import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Run } from '../../src/contract/index.ts'
import type { KubeObject } from '../../tools/testbed/kube-api.ts'
import { ClusterStage, PROJECT } from '../cluster/cluster-agent.ts'
import { APPS, deployment, rolledOut } from '../cluster/workloads.ts'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { hubWorkflow } from './hub-workflow.ts'
import { type Course, LitmusRunner } from './litmus-runner.ts'

/** Runs on Argo Workflows and Litmus' operator, by an agent with the rights of its manifest. */
const ARGO = '/apis/argoproj.io/v1alpha1'
let namespace: TestNamespace
let stage: ClusterStage
let litmus: LitmusRunner | undefined

beforeEach(async () => {
  namespace = await testNamespace('argo')
  stage = await ClusterStage.connected(namespace, { kind: 'argo' })
})
afterEach(async () => {
  await stage.close()
  await litmus?.close()
  expect(litmus?.errors ?? []).toEqual([])
  litmus = undefined
  await namespace.close()
})

async function hub(course: Course, more = ''): Promise<void> {
  litmus = new LitmusRunner(namespace, () => course)
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 2))
  await rolledOut(namespace, 'web', 2)
  await stage.api.createWorkflow(PROJECT, hubWorkflow('hub', { more }).replace('NAMESPACE', namespace.name), 'Add it')
  await stage.startAgent()
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1'
const workflows = () => namespace.admin.list<Workflow>(namespace.in(ARGO, 'workflows'))
const workflowPhases = async () => (await workflows()).map(({ status }) => status?.phase)
const engines = async () => (await litmus?.engines()) ?? []
const live = async () => stage.api.run(PROJECT, (await stage.runs())[0]?.id ?? '')
const reached = (step: string, phase: string) =>
  expect.poll(async () => phases(await live())[step], { timeout: 30_000 }).toBe(phase)

/** the stage that the run's last injection is told to be in */
async function injected(): Promise<string | undefined> {
  const [run] = await stage.runs()
  const { facts } = run === undefined ? { facts: [] } : await stage.api.facts(PROJECT, run.id)
  return facts.flatMap((fact) => (fact.type === 'injection' ? fact.stage : [])).at(-1)
}

interface Workflow extends KubeObject {
  status?: { phase?: string }
}

const plain = (name: string, ...steps: string[]) => `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: ${name} }
spec:
  entrypoint: main
  templates:
    - name: main
      steps:
${steps.map((step) => `        - - { name: ${step}, template: ${step.replace(/-\d$/, '')} }\n`).join('')}    - { name: work, container: { image: "alpine:3", command: [sh, -c], args: ["true"] } }
    - { name: ask, suspend: {} }
    - name: bad
      metadata: { annotations: { testbed.faultline.dev/exit-code: "1" } }
      container: { image: "alpine:3", command: [sh] }
`

const phases = ({ steps }: Run) => Object.fromEntries(steps.map(({ step, phase }) => [step, phase]))

async function logOf(run: Run): Promise<string> {
  const { facts } = await stage.api.facts(PROJECT, run.id)
  return facts.flatMap((fact) => (fact.type === 'log' ? fact.text : [])).join('\n')
}

it('a workflow of plain containers is run by Argo; what fails is an error with Argo’s words, and the rest is left out', async () => {
  await stage.api.createWorkflow(PROJECT, plain('calm', 'work-1', 'work-2'), 'Add it')
  await stage.api.createWorkflow(PROJECT, plain('fails', 'work-1', 'bad', 'work-2'), 'Add it')
  await stage.startAgent()
  await stage.api.startRun(PROJECT, 'calm')
  expect(await stage.ended()).toMatchObject({ phase: 'completed', verdict: 'not-applicable', score: null })
  await stage.api.startRun(PROJECT, 'fails')
  const run = await stage.ended(2)
  expect(run).toMatchObject({ phase: 'error', reason: expect.stringContaining('exit code 1') })
  expect(phases(run)).toEqual({ 'work-1': 'completed', bad: 'error', 'work-2': 'skipped' })
  const log = await logOf(run)
  expect(log).toContain(`given to Argo as Workflow ${namespace.name}/fails-${run.id}`)
  // what a pod of the test bed says
  expect(log).toContain('simulated: nothing runs in here')
})

it('a workflow of ChaosHub’s shape comes to its score: verdict and probes are those of its ChaosResult', async () => {
  await hub({ verdict: 'Fail', afterMs: 1500, failing: ['back'] })
  await stage.api.startRun(PROJECT, 'hub')
  const run = await stage.ended()
  expect(run).toMatchObject({ phase: 'completed', verdict: 'fail', recovery: 'clean', score: 50 })
  expect(run.steps.find(({ step }) => step === 'pod-delete')).toMatchObject({ phase: 'completed', probeSuccess: 50 })
  expect(phases(run)['install-chaos-faults']).toBe('completed')
  const { facts } = await stage.api.facts(PROJECT, run.id)
  const probes = facts.flatMap((fact) => (fact.type === 'probe-result' ? [[fact.probe, fact.verdict]] : []))
  expect(probes).toEqual([
    ['front', 'pass'],
    ['back', 'fail']
  ])
  expect(facts.flatMap((fact) => (fact.type === 'injection' ? fact.stage : []))).toEqual([
    'applied',
    'effect-proved',
    'recovered'
  ])
})

it('a run that passes goes on to its clean-up, after which no ChaosEngine is left; it waits for a person where it says so', async () => {
  await hub({ verdict: 'Pass', afterMs: 1000 }, '        - - { name: ask, template: ask }\n')
  await stage.api.startRun(PROJECT, 'hub')
  await reached('ask', 'waiting')
  expect(await live()).toMatchObject({ phase: 'waiting' })
  const { id } = await live()
  await stage.api.post(`/projects/${PROJECT}/runs/${id}/approvals`, {
    step: 'ask',
    outcome: 'approved',
    reason: 'calm'
  })
  const run = await stage.ended()
  expect(run).toMatchObject({ phase: 'completed', verdict: 'pass', recovery: 'clean', score: 100 })
  expect(run.steps.find(({ step }) => step === 'ask')?.reason).toContain('approved by')
  expect(phases(run)['cleanup-chaos-resources']).toBe('completed')
  await namespace.until('no ChaosEngine is left', async () => (await engines()).length === 0)
})

it('a stop in the middle ends the Workflow and its ChaosEngine, and waits until that is reverted', async () => {
  await hub({ verdict: 'Pass', afterMs: 'never' })
  await stage.api.startRun(PROJECT, 'hub')
  await reached('pod-delete', 'running')
  await namespace.until('the fault is injected', async () => (await injected()) === 'effect-proved')
  const { id } = await live()
  await stage.api.post(`/projects/${PROJECT}/runs/${id}/stop`, { reason: 'enough' })
  const run = await stage.ended()
  expect(run).toMatchObject({ phase: 'stopped', recovery: 'clean', score: null })
  expect(phases(run)).toMatchObject({ 'pod-delete': 'stopped', 'cleanup-chaos-resources': 'skipped' })
  expect((await engines()).map(({ spec, status }) => [spec.engineState, status?.engineStatus])).toEqual([
    ['stop', 'stopped']
  ])
})

it('an agent that is killed in the middle is no end of the run: its successor goes on to the right one, once', async () => {
  await hub({ verdict: 'Pass', afterMs: 'never' })
  await stage.api.startRun(PROJECT, 'hub')
  await namespace.until('the fault is injected', async () => (await injected()) === 'effect-proved')
  await stage.killAgent()
  litmus?.judge('Pass')
  await namespace.until('the Workflow has ended', async () => (await workflowPhases())[0] === 'Succeeded')
  await stage.startAgent()
  const run = await stage.ended()
  expect(run).toMatchObject({ phase: 'completed', verdict: 'pass', recovery: 'clean', score: 100 })
  expect(await workflows()).toHaveLength(1)
  const { facts } = await stage.api.facts(PROJECT, run.id)
  const told = facts.map((fact) => JSON.stringify({ ...fact, seq: 0, at: '' }))
  expect(new Set(told).size).toBe(told.length)
})

it('two runs of the same workflow side by side keep their ChaosEngines and their verdicts apart', async () => {
  let count = 0
  await hub({ verdict: 'Pass', afterMs: 'never' })
  await litmus?.close()
  litmus = new LitmusRunner(namespace, () =>
    count++ === 0 ? { verdict: 'Pass', afterMs: 2500 } : { verdict: 'Fail', afterMs: 500 }
  )
  await stage.api.startRun(PROJECT, 'hub')
  await stage.api.startRun(PROJECT, 'hub')
  await stage.ended(2)
  const runs = await stage.runs()
  expect(runs.map(({ verdict }) => verdict).sort()).toEqual(['fail', 'pass'])
  expect(new Set((await workflows()).map(({ metadata }) => metadata.name)).size).toBe(2)
})

it('a Workflow that is deleted while it runs is an error that says so, and its ChaosEngine is stopped', async () => {
  await hub({ verdict: 'Pass', afterMs: 'never' })
  await stage.api.startRun(PROJECT, 'hub')
  await namespace.until('the fault is injected', async () => (await injected()) === 'effect-proved')
  const [workflow] = await workflows()
  await namespace.admin.remove(namespace.in(ARGO, `workflows/${workflow?.metadata.name}`))
  expect(await stage.ended()).toMatchObject({
    phase: 'error',
    recovery: 'clean',
    reason: expect.stringContaining('deleted')
  })
  expect((await engines()).every(({ spec }) => spec.engineState === 'stop')).toBe(true)
})

it('a right that is missing is named, and nothing is begun', async () => {
  await stage.api.createWorkflow(PROJECT, plain('calm', 'work-1'), 'Add it')
  await namespace.admin.remove(namespace.in(RBAC, `rolebindings/faultline-${namespace.name}-argo`))
  await stage.startAgent()
  await stage.api.startRun(PROJECT, 'calm')
  const run = await stage.ended()
  expect(run.phase).toBe('error')
  expect(run.reason).toMatch(/lacks the right to get workflows of API group argoproj.io/)
})

it('a Workflow that no controller takes up is told of, and can be stopped at once', async () => {
  const places = await stage.api.get<{ items: { id: string }[] }>(`/projects/${PROJECT}/infrastructures`)
  const engine = { kind: 'argo', instance: 'nobody' }
  await stage.api.put(`/projects/${PROJECT}/infrastructures/${places.items[0]?.id}`, { engine })
  await stage.api.createWorkflow(PROJECT, plain('calm', 'work-1'), 'Add it')
  await stage.startAgent()
  await stage.api.startRun(PROJECT, 'calm')
  await expect.poll(async () => logOf(await live()), { timeout: 50_000 }).toMatch(/No controller has taken Workflow/)
  const { id } = await live()
  await stage.api.post(`/projects/${PROJECT}/runs/${id}/stop`, { reason: 'enough' })
  expect(await stage.ended()).toMatchObject({ phase: 'stopped' })
})

it('dags, steps within steps, loops, attempts and the exit handler are the steps of the plan, as Argo runs them', async () => {
  const text = `apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: { name: shapes }
spec:
  schedule: "@yearly"
  workflowSpec:
    entrypoint: main
    onExit: tidy
    templates:
      - name: main
        dag:
          tasks:
            - { name: first, template: work }
            - { name: each, template: work, dependencies: [first], withItems: [a/b, "c:d"] }
            - { name: many, template: work, dependencies: [first], withSequence: { count: "2" } }
            - { name: inner, template: inner, dependencies: [each, many] }
            - { name: never, template: work, dependencies: [inner], when: "1 == 2" }
      - name: inner
        steps:
          - - { name: again, template: again, continueOn: { failed: true } }
          - - { name: last, template: work }
      - { name: work, container: { image: "alpine:3", command: [sh] } }
      - name: again
        retryStrategy: { limit: "1" }
        metadata: { annotations: { testbed.faultline.dev/exit-code: "1" } }
        container: { image: "alpine:3", command: [sh] }
      - name: tidy
        steps: [[{ name: sweep, template: work }]]
`
  await stage.api.createWorkflow(PROJECT, text, 'Add it')
  await stage.startAgent()
  await stage.api.startRun(PROJECT, 'shapes')
  const run = await stage.ended()
  expect({ ...phases(run), run: [run.phase, run.reason] }).toEqual({
    run: ['completed', null],
    first: 'completed',
    'each(0:a/b)': 'completed',
    'each(1:c:d)': 'completed',
    many: 'completed',
    'inner/again': 'error',
    'inner/last': 'completed',
    never: 'skipped',
    'onExit/sweep': 'completed'
  })
})
