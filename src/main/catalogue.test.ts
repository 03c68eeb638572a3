import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { compileDefinition, parseDefinition } from '../manifest/index.ts'
import { catalogue } from './catalogue.ts'

test('a fault that works on Kubernetes says which rights it needs there', () => {
  const silent = catalogue.faults.filter(({ infrastructures, rights }) => infrastructures.kubernetes && !rights?.length)
  expect(silent.map(({ name }) => name)).toEqual([])
})

/** Files in the shapes that chaos hubs have, judged by the faults and probes that there really are. */
const HUB_PROBES = [
  `- name: page
  type: httpProbe
  mode: Continuous
  httpProbe/inputs:
    url: http://cart.shop.svc.cluster.local:8080/
    insecureSkipVerify: false
    method: { get: { criteria: "==", responseCode: "200" } }
  runProperties: { probeTimeout: 2s, interval: 1s, attempt: 1, probePollingInterval: 1s }`,
  `- name: disk
  type: cmdProbe
  mode: Edge
  cmdProbe/inputs:
    command: "df --output=pcent / | tail -n 1"
    comparator: { type: string, criteria: contains, value: "%" }
  runProperties: { probeTimeout: 5s, interval: 1s, attempt: 1 }`,
  `- name: errors
  type: promProbe
  mode: EOT
  promProbe/inputs:
    endpoint: http://prometheus.monitoring.svc.cluster.local:9090
    query: sum(rate(http_requests_total{code="500"}[1m]))
    comparator: { type: float, criteria: "<=", value: "0.5" }
  runProperties: { probeTimeout: 5s, interval: 1s, attempt: 1 }`
]
const K8S_PROBE = `- name: pods
  type: k8sProbe
  mode: SOT
  k8sProbe/inputs: { group: "", version: v1, resource: pods, namespace: shop, operation: present }
  runProperties: { probeTimeout: 5s, interval: 1s, attempt: 1 }`

const indent = (text: string, by: number) => text.replace(/^/gm, ' '.repeat(by))

function fault(name: string, probes: readonly string[] = []): string {
  const probe = probes.length === 0 ? '' : `                        probe:\n${indent(probes.join('\n'), 26)}\n`
  return `    - name: ${name}
      inputs:
        artifacts:
          - name: ${name}
            path: /tmp/chaosengine-${name}.yaml
            raw:
              data: |
                apiVersion: litmuschaos.io/v1alpha1
                kind: ChaosEngine
                metadata:
                  namespace: "{{workflow.parameters.adminModeNamespace}}"
                  generateName: ${name}
                spec:
                  engineState: active
                  annotationCheck: "false"
                  appinfo: { appns: shop, applabel: app=cart, appkind: deployment }
                  chaosServiceAccount: litmus-admin
                  experiments:
                    - name: ${name}
                      spec:
                        components: { env: [{ name: TOTAL_CHAOS_DURATION, value: "15" }] }
${probe}      container:
        image: litmuschaos/litmus-checker:2.14.0
        args: ["-file=/tmp/chaosengine-${name}.yaml", "-saveName=/tmp/engine-name"]
`
}

function hubFile(order: string, faults: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { generateName: hub-, namespace: litmus, labels: { subject: hub } }
spec:
  entrypoint: custom-chaos
  serviceAccountName: argo-chaos
  securityContext: { runAsUser: 1000, runAsNonRoot: true }
  arguments: { parameters: [{ name: adminModeNamespace, value: litmus }] }
  templates:
    - name: custom-chaos
${indent(order, 6)}
    - name: install-chaos-experiments
      inputs: { artifacts: [{ name: all, path: /tmp/all.yaml, raw: { data: "kind: ChaosExperiment" } }] }
      container: { image: "litmuschaos/k8s:latest", command: [sh, -c], args: ["kubectl apply -f /tmp/all.yaml"] }
${faults}`
}

function compile(text: string) {
  const path = 'litmus/shop/hub.yaml'
  const compiled = compileDefinition(text, { catalogue, path, parameters: {} })
  const errors = compiled.problems.filter(({ severity }) => severity === 'error')
  const warnings = compiled.problems.filter(({ severity }) => severity === 'warning')
  return { errors, warnings, steps: compiled.ok ? compiled.plan.steps : [] }
}

const KINDS = ['pod-delete', 'container-kill', 'pod-cpu-hog', 'pod-network-latency', 'pod-http-status-code']

test('faults of different kinds side by side, after the step that installs what is not needed here', () => {
  const group = KINDS.map((name) => `{ name: ${name}, template: ${name} }`).join(', ')
  const install = 'name: install-chaos-experiments, template: install-chaos-experiments'
  const { errors, steps } = compile(
    hubFile(`steps:\n  - [{ ${install} }]\n  - [${group}]`, KINDS.map((name) => fault(name)).join(''))
  )
  expect(errors).toEqual([])
  expect(steps.map(({ action }) => (action.kind === 'fault' ? action.fault.fault : action.kind))).toEqual([
    'not-needed',
    ...KINDS
  ])
  for (const { needs } of steps.slice(1)) expect(needs).toEqual(['install-chaos-experiments'])
})

test('a dag: two faults beside each other, a third after both', () => {
  const [first, second, third] = ['pod-delete', 'pod-cpu-hog', 'pod-network-latency']
  const tasks = `dag:
  tasks:
    - { name: ${first}, template: ${first} }
    - { name: ${second}, template: ${second} }
    - { name: ${third}, template: ${third}, dependencies: [${first}, ${second}] }`
  const { errors, steps } = compile(hubFile(tasks, [first, second, third].map((name) => fault(name ?? '')).join('')))
  expect(errors).toEqual([])
  expect(steps.map(({ needs }) => needs)).toEqual([[], [], [first, second]])
})

test('probes over http, by command and of Prometheus in one file', () => {
  const order = 'steps: [[{ name: pod-delete, template: pod-delete }]]'
  const { errors, steps } = compile(hubFile(order, fault('pod-delete', HUB_PROBES)))
  expect(errors).toEqual([])
  const [action] = steps.map((step) => step.action)
  expect(action?.kind === 'fault' && action.fault.probes.map(({ type, mode }) => [type, mode])).toEqual([
    ['httpProbe', 'Continuous'],
    ['cmdProbe', 'Edge'],
    ['promProbe', 'EOT']
  ])
})

test('a k8sProbe with data beside its inputs, as Litmus has it; without, the place is told', () => {
  const order = 'steps: [[{ name: pod-delete, template: pod-delete }]]'
  const making = K8S_PROBE.replace('operation: present', 'operation: create')
  const data = '  data: "{apiVersion: v1, kind: Pod, metadata: {name: extra}}"'
  const whole = compile(hubFile(order, fault('pod-delete', [...HUB_PROBES, K8S_PROBE, `${making}\n${data}`])))
  expect([whole.errors, whole.warnings]).toEqual([[], []])
  const [action] = whole.steps.map((step) => step.action)
  expect(action?.kind === 'fault' && action.fault.probes.at(-1)?.inputs).toMatchObject({
    operation: 'create',
    data: expect.stringContaining('kind: Pod')
  })
  expect(compile(hubFile(order, fault('pod-delete', [making]))).errors).toMatchObject([
    { message: 'k8sProbe: data is missing.', line: expect.any(Number) }
  ])
})

test('a whole file in a guide is one that is taken as it stands', async () => {
  const guides = ['schedules', 'write-a-workflow'].map((name) => readFile(`docs/guides/${name}.md`, 'utf8'))
  const blocks = (await Promise.all(guides)).flatMap((text) => [...text.matchAll(/```yaml\n(.*?)```/gs)])
  const files = blocks.map(([, block = '']) => block).filter((block) => block.startsWith('apiVersion: '))
  expect(files.length).toBeGreaterThanOrEqual(3)
  for (const file of files) expect(parseDefinition(file, { catalogue }).problems).toEqual([])
})
