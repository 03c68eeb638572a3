import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { at, treesAt } from '../../domain/index.ts'
import { type CompileResult, compileDefinition, parseDefinition } from '../definition.ts'
import { catalogue } from '../fixtures/catalogue.ts'

/** A workflow for Argo: given as the file says it, judged before as every other one. */
const PLACE = { namespace: 'argo', instance: 'chaos' }
const TEXT = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { generateName: hub-, labels: { team: shop } }
spec:
  entrypoint: main
  serviceAccountName: argo-chaos
  arguments: { parameters: [{ name: ns, value: shop }, { name: image }] }
  templates:
    - name: main
      steps:
        - - { name: install, template: install }
        - - { name: harm, template: harm }
        - - { name: look, template: look, withParam: "{{steps.install.outputs.result}}" }
    - name: install
      container: { image: "litmuschaos/k8s:latest", command: [sh, -c], args: ["kubectl apply -n {{workflow.parameters.ns}}"] }
    - name: harm
      inputs:
        artifacts:
          - name: harm
            path: /tmp/engine.yaml
            raw:
              data: |
                # kept
                apiVersion: litmuschaos.io/v1alpha1
                kind: ChaosEngine
                metadata: { generateName: harm, namespace: "{{workflow.parameters.ns}}", labels: { a: b } }
                spec:
                  appinfo: { appns: {{workflow.parameters.ns}}, applabel: "app=cart" }
                  experiments:
                    - name: pod-network-corruption
                      spec: { components: { env: [{ name: NOTE, value: {{workflow.parameters.image}} }] } }
      container: { image: "litmuschaos/litmus-checker:latest", args: ["-file=/tmp/engine.yaml"] }
    - name: look
      script: { image: alpine, source: "echo {{item}}" }
`

function compile(parameters: Record<string, string> = { image: 'web:2' }, text = TEXT): CompileResult {
  return compileDefinition(text, { catalogue, path: 'litmus/p/hub.yaml', parameters, argo: PLACE })
}

function planOf(result: CompileResult) {
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.plan
}

const codes = (result: CompileResult) => (result.ok ? [] : result.problems.map(({ code }) => code))

it('steps that only Argo runs are part of the plan, and its faults are judged', () => {
  const { steps } = planOf(compile())
  expect(steps.map(({ id, action }) => [id, action.kind])).toEqual([
    ['install', 'delegated'],
    ['harm', 'fault'],
    ['look', 'delegated']
  ])
  expect(steps[1]?.action).toMatchObject({ fault: { fault: 'pod-network-corruption', target: { namespace: 'shop' } } })
})

it('Argo is given the file’s own spec, with the run’s parameters and its placeholders as they were', () => {
  const { argo } = planOf(compile())
  expect(argo).toMatchObject({
    namespace: 'argo',
    labels: { team: 'shop', 'workflows.argoproj.io/controller-instanceid': 'chaos' },
    spec: {
      serviceAccountName: 'argo-chaos',
      arguments: {
        parameters: [
          { name: 'ns', value: 'shop' },
          { name: 'image', value: 'web:2' }
        ]
      }
    }
  })
  const [, install] = treesAt(argo?.spec, 'templates')
  expect(at(install, 'container', 'args')).toEqual(['kubectl apply -n {{workflow.parameters.ns}}'])
})

it('a ChaosEngine is marked with the workflow and the pod that make it, and else stays as it is written', () => {
  const { argo } = planOf(compile())
  const [artifact] = treesAt(treesAt(argo?.spec, 'templates')[2], 'inputs', 'artifacts')
  const text = String(at(artifact, 'raw', 'data'))
  expect(text).toContain('# kept')
  expect(text).toContain('appns: {{workflow.parameters.ns}}')
  const engine: unknown = parse(text.replaceAll(/: \{\{([^}]+)\}\}/g, ': "{{$1}}"'))
  expect(engine).toMatchObject({
    metadata: {
      generateName: 'harm',
      labels: { a: 'b', 'faultline.dev/workflow': '{{workflow.name}}' },
      annotations: { 'faultline.dev/pod': '{{pod.name}}' }
    }
  })
})

it.each([
  ['a line that makes another namespace of it', 'x\n                          appns: kube-system'],
  ['a quote', '"'],
  ['a map', '{ a: b }'],
  ['a comment', 'web #1']
])('a value that would change the ChaosEngine is refused: %s', (_what, image) => {
  expect(codes(compile({ image }))).toContain('manifest/value-in-yaml')
})

it.each(['web:2', 'registry.example.com/a/b@sha256:00ff', '5', 'true', 'a b'])('%s is a value like others', (image) => {
  expect(codes(compile({ image }))).toEqual([])
})

it.each([
  [
    'another namespace than the infrastructure’s',
    TEXT.replace('{ generateName', '{ namespace: shop, generateName'),
    'manifest/namespace'
  ],
  [
    'an aim that is known only later',
    TEXT.replace('appns: {{workflow.parameters.ns}}', 'appns: "{{item}}"'),
    'manifest/open-aim'
  ],
  [
    'a template that stands elsewhere',
    TEXT.replace('name: look, template: look', 'name: look, template: look, templateRef: { name: a }'),
    'manifest/unsupported'
  ],
  [
    'two ChaosEngines in one step',
    TEXT.replace(
      '          - name: harm\n',
      '          - { name: b, path: /b, raw: { data: "kind: ChaosEngine" } }\n          - name: harm\n'
    ),
    'manifest/faults'
  ]
])('is refused: %s', (_what, text, code) => {
  expect(codes(compile({ image: 'web:2' }, text))).toContain(code)
})

it('the same file is good in git, with a warning for each thing that the built-in engine refuses at a run', () => {
  const parsed = parseDefinition(TEXT, { catalogue, path: 'litmus/p/hub.yaml' })
  expect(parsed).toMatchObject({ ok: true })
  expect(parsed.problems.map(({ code, severity }) => [code, severity])).toEqual(
    expect.arrayContaining([
      ['manifest/unsupported', 'warning'],
      ['manifest/unknown-fault', 'warning']
    ])
  )
  const built = compileDefinition(TEXT, { catalogue, path: 'litmus/p/hub.yaml', parameters: { image: 'web:2' } })
  expect(codes(built)).toEqual(expect.arrayContaining(['manifest/unsupported', 'manifest/unknown-fault']))
  expect(built.problems.map(({ message }) => message).join()).toContain('Argo Workflows runs it')
})

it('a CronWorkflow gives its workflowSpec, with the labels of what it makes', () => {
  const cron = TEXT.replace('kind: Workflow', 'kind: CronWorkflow').replace(
    /spec:\n([\s\S]*)$/,
    (_all, spec: string) =>
      `spec:\n  schedule: "@daily"\n  workflowMetadata: { labels: { by: cron } }\n  workflowSpec:\n${spec.replace(/^(?=.)/gm, '  ')}`
  )
  const { argo } = planOf(compile({ image: 'web:2' }, cron))
  expect(argo).toMatchObject({ labels: { by: 'cron' }, spec: { entrypoint: 'main' } })
})

it('a ChaosEngine as a file of its own is run by the built-in engine', () => {
  const engine = `apiVersion: litmuschaos.io/v1alpha1
kind: ChaosEngine
metadata: { name: harm }
spec: { appinfo: { appns: shop, applabel: app=cart }, experiments: [{ name: pod-delete }] }
`
  expect(planOf(compile({}, engine)).argo).toBeUndefined()
})
