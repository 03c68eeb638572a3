import { Checkbox, Group, Radio, TagsInput, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { EngineField, type TypedEngine } from './engine-field.tsx'

export interface TypedPlace extends TypedEngine {
  name: string
  environment: 'prod' | 'non-prod'
  kind: 'local' | 'kubernetes'
  scope: 'cluster' | 'namespace'
  namespace: string
  nodeFaults: boolean
  /** kinds beside Deployment, StatefulSet and DaemonSet */
  watch: string[]
}

/** What runs are to reach there, and of a cluster how much of it. */
export function PlaceFields({ form }: { form: UseFormReturnType<TypedPlace> }) {
  const { kind, scope } = form.values
  return (
    <>
      <Radio.Group label="Where the workloads run" {...form.getInputProps('kind')}>
        <Group gap="lg" mt={6}>
          <Radio value="local" label="On a machine" />
          <Radio value="kubernetes" label="Kubernetes" />
        </Group>
      </Radio.Group>
      {kind === 'kubernetes' ? (
        <Radio.Group label="Scope" {...form.getInputProps('scope')}>
          <Group gap="lg" mt={6}>
            <Radio value="cluster" label="Whole cluster" />
            <Radio value="namespace" label="One namespace" />
          </Group>
        </Radio.Group>
      ) : null}
      {kind === 'kubernetes' && scope === 'namespace' ? (
        <TextInput label="Namespace" placeholder="shop" {...form.getInputProps('namespace')} />
      ) : null}
      {kind === 'kubernetes' && scope === 'cluster' ? <NodesField form={form} /> : null}
      {kind === 'kubernetes' ? <KindsField form={form} /> : null}
      {kind === 'kubernetes' ? (
        <EngineField form={form} watched={scope === 'namespace' ? form.values.namespace : null} />
      ) : null}
    </>
  )
}

/** Those that many clusters have; any other can be typed. */
const FURTHER_KINDS = [
  'argoproj.io/v1alpha1/Rollout',
  'batch/v1/CronJob',
  'batch/v1/Job',
  'serving.knative.dev/v1/Service'
]

function KindsField({ form }: { form: UseFormReturnType<TypedPlace> }) {
  return (
    <TagsInput
      label="Further kinds to observe"
      description="Beside Deployment, StatefulSet and DaemonSet. The agent's account gets the right to see them."
      placeholder={form.values.watch.length === 0 ? 'GROUP/VERSION/KIND' : ''}
      data={FURTHER_KINDS}
      acceptValueOnBlur
      // within the dialog, which is the landmark that it belongs to
      comboboxProps={{ withinPortal: false }}
      {...form.getInputProps('watch')}
    />
  )
}

/** Off unless somebody says so: nodes are everybody's. */
export function NodesField({ form }: { form: Pick<UseFormReturnType<{ nodeFaults: boolean }>, 'getInputProps'> }) {
  return (
    <Checkbox
      label="Faults may harm whole nodes"
      description="Cordon, taint and drain reach every namespace. Runs of this project alone; the agent's account gets the rights."
      {...form.getInputProps('nodeFaults', { type: 'checkbox' })}
    />
  )
}
