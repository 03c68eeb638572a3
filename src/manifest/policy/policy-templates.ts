import type { TemplateField, WorkflowTemplate } from '../templates.ts'

const FIELDS: readonly TemplateField[] = [
  { name: 'name', label: 'Name', help: 'Of the policy and its file: a-z, 0-9 and "-".', default: 'cart-releases' },
  { name: 'namespace', label: 'Namespace', help: 'Where the workload is.', default: 'shop' },
  { name: 'workload', label: 'Workload', help: 'Its name; "cart*" means all that begin so.', default: 'cart' },
  { name: 'workflow', label: 'Workflow', help: 'Of this project, that is run.', default: 'cart-resilience' }
]

/** Event policies to begin with. */
export const POLICY_TEMPLATES: readonly WorkflowTemplate[] = [
  {
    id: 'release',
    title: 'A new release',
    description: 'Runs a workflow when the image of a workload has changed and its rollout is healthy.',
    fields: FIELDS,
    render: (values) => render(values, 'image: changed')
  },
  {
    id: 'scaling',
    title: 'More or fewer pods',
    description: 'Runs a workflow when somebody has changed the number of replicas.',
    fields: FIELDS,
    render: (values) => render(values, 'replicas: changed')
  },
  {
    id: 'configuration',
    title: 'Another configuration',
    description: 'Runs a workflow when variables, resources or probes of the containers have changed.',
    fields: FIELDS,
    render: (values) => render(values, 'any: [{ env: changed }, { resources: changed }, { probes: changed }]')
  }
]

function render(values: Readonly<Record<string, string>>, when: string): string {
  const quoted = (name: string) => JSON.stringify(values[name] ?? '')
  return `apiVersion: faultline.dev/v1
kind: EventPolicy
metadata:
  name: ${values.name}
spec:
  workloads:
    namespaces: [${quoted('namespace')}]
    names: [${quoted('workload')}]
  when:
    ${when}
  cooldown: 1h
  run:
    - workflow: ${quoted('workflow')}
`
}
