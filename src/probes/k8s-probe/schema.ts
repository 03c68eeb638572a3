import { PROBE_MODES, type ProbeSchema } from '../../domain/index.ts'

export const OPERATIONS = ['present', 'absent', 'create', 'delete'] as const
const CHANGES = { path: 'operation', values: ['create', 'delete'] }

export const k8sProbeSchema: ProbeSchema = {
  type: 'k8sProbe',
  title: 'Kubernetes probe',
  description: 'Looks whether objects of an API server are there, or makes or deletes them.',
  modes: PROBE_MODES,
  commands: { what: 'makes or deletes objects', when: CHANGES },
  inputs: [
    { path: 'group', type: 'name', description: 'API group, for example apps; the core API if not said.' },
    { path: 'version', type: 'name', required: true, description: 'Of the group, for example v1.' },
    { path: 'resource', type: 'name', required: true, description: 'Plural and small, for example pods.' },
    {
      path: 'namespace',
      type: 'name',
      required: CHANGES,
      description: 'Where they are; if not said the whole cluster is looked at.'
    },
    {
      path: 'resourceNames',
      type: 'text',
      description: 'By name, separated by commas: present and delete need all of them. Selectors do not count then.'
    },
    { path: 'fieldSelector', type: 'text', description: 'As kubectl has it, for example status.phase=Running.' },
    { path: 'labelSelector', type: 'text', description: 'As kubectl has it, for example app=cart.' },
    {
      path: 'operation',
      type: 'text',
      required: true,
      choices: OPERATIONS,
      description:
        'present: all that are named are there, or at least one that is selected; absent: none is; create: the object of data is made; delete: those that are named or selected are deleted.'
    },
    {
      path: 'data',
      type: 'text',
      required: { path: 'operation', values: ['create'] },
      beside: true,
      description: 'The new object as YAML; beside k8sProbe/inputs, as in Litmus. It stays until something deletes it.'
    }
  ],
  infrastructures: {
    kubernetes:
      'Needs the right to list what it looks for; of an object only its metadata is read. create and delete only where the agent was started with --allow-commands, with rights that a person has granted, in namespaces that the guardrails allow.'
  }
}
