export interface TemplateField {
  name: string
  label: string
  help: string
  default: string
}

/** A workflow to begin with: a form, and the text that it makes. */
export interface WorkflowTemplate {
  id: string
  title: string
  description: string
  fields: readonly TemplateField[]
  render(values: Readonly<Record<string, string>>): string
}

const COMMON: readonly TemplateField[] = [
  { name: 'name', label: 'Name', help: 'Of the workflow and its file: a-z, 0-9 and "-".', default: 'my-first-chaos' },
  { name: 'namespace', label: 'Namespace', help: 'Where the target runs.', default: 'shop' },
  { name: 'label', label: 'Target label', help: 'Which workload is hit, for example app=cart.', default: 'app=cart' },
  {
    name: 'url',
    label: 'Probe address',
    help: 'What must keep answering while chaos goes on.',
    default: 'http://storefront.shop.svc.cluster.local:8080/'
  },
  { name: 'duration', label: 'Duration in seconds', help: 'How long the fault lasts.', default: '15' }
]
const LATENCY: TemplateField = {
  name: 'latency',
  label: 'Latency in ms',
  help: 'By how much the target’s answers are delayed.',
  default: '2000'
}

const TIMES: readonly TemplateField[] = [
  {
    name: 'schedule',
    label: 'Schedule',
    help: 'A cron: minute, hour, day, month, day of the week.',
    default: '0 9 * * 1-5'
  },
  { name: 'timezone', label: 'Time zone', help: 'Whose clocks are meant, for example Europe/Berlin.', default: 'UTC' }
]

export const TEMPLATES: readonly WorkflowTemplate[] = [
  {
    id: 'pod-delete',
    title: 'A pod goes',
    description: 'Deletes pods of the target, and checks that what depends on it keeps answering.',
    fields: COMMON,
    render: (values) => render(values, [podDelete])
  },
  {
    id: 'network-latency',
    title: 'The network gets slow',
    description: 'Delays the answers of the target, and checks that what depends on it stays quick.',
    fields: [...COMMON, LATENCY],
    render: (values) => render(values, [networkLatency])
  },
  {
    id: 'both',
    title: 'A pod goes, then the network gets slow',
    description: 'Both faults one after the other, with one score.',
    fields: [...COMMON, LATENCY],
    render: (values) => render(values, [podDelete, networkLatency])
  },
  {
    id: 'by-the-clock',
    title: 'A pod goes, by the clock',
    description: 'The same as the first, started on a schedule once you have activated it.',
    fields: [...COMMON, ...TIMES],
    render: (values) => renderCron(values, [podDelete])
  }
]

type Values = Readonly<Record<string, string>>
type Fault = (values: Values) => { name: string; env: Record<string, string> }

const podDelete: Fault = (values) => ({
  name: 'pod-delete',
  env: { TOTAL_CHAOS_DURATION: values.duration ?? '', CHAOS_INTERVAL: '5', FORCE: 'false' }
})

const networkLatency: Fault = (values) => ({
  name: 'pod-network-latency',
  env: { TOTAL_CHAOS_DURATION: values.duration ?? '', NETWORK_LATENCY: values.latency ?? '' }
})

function render(values: Values, faults: readonly Fault[]): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  name: ${values.name}
spec:
${specText(values, faults)}`
}

function renderCron(values: Values, faults: readonly Fault[]): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata:
  name: ${values.name}
spec:
  schedule: ${quote(values.schedule)}
  timezone: ${quote(values.timezone)}
  concurrencyPolicy: Forbid
  workflowSpec:
${specText(values, faults).replace(/^(?=.)/gm, '  ')}`
}

function specText(values: Values, faults: readonly Fault[]): string {
  const made = faults.map((fault) => fault(values))
  return `  entrypoint: chaos
  templates:
    - name: chaos
      steps:
${made.map(({ name }) => `        - - name: ${name}\n            template: ${name}\n`).join('')}${made.map((fault) => faultText(fault, values)).join('')}`
}

function faultText({ name, env }: ReturnType<Fault>, values: Values): string {
  const variables = Object.entries(env).map(
    ([key, value]) => `                        - name: ${key}\n                          value: ${quote(value)}\n`
  )
  return `    - name: ${name}
      inputs:
        artifacts:
          - name: ${name}
            path: /tmp/${name}.yaml
            raw:
              data: |
                apiVersion: litmuschaos.io/v1alpha1
                kind: ChaosEngine
                metadata:
                  generateName: ${name}
                  namespace: ${quote(values.namespace)}
                spec:
                  engineState: active
                  appinfo:
                    appns: ${quote(values.namespace)}
                    applabel: ${quote(values.label)}
                    appkind: deployment
                  experiments:
                    - name: ${name}
                      spec:
                        components:
                          env:
${variables.map((text) => text.replace(/^/gm, '    ').trimEnd()).join('\n')}
                        probe:
                          - name: keeps-answering
                            type: httpProbe
                            mode: Continuous
                            httpProbe/inputs:
                              url: ${quote(values.url)}
                              method:
                                get:
                                  criteria: ==
                                  responseCode: "200"
                            runProperties:
                              probeTimeout: 1s
                              interval: 1s
                              attempt: 1
      container:
        image: litmuschaos/litmus-checker:latest
        args: ["-file=/tmp/${name}.yaml", "-saveName=/tmp/engine-name"]
`
}

/** JSON's text is YAML's double-quoted text: whatever is typed stays one value. */
function quote(value: string | undefined): string {
  return JSON.stringify(value ?? '')
}
