import { Checkbox, Group, Radio, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { EngineField, type TypedEngine } from './engine-field.tsx'

export interface TypedPlace extends TypedEngine {
  name: string
  environment: 'prod' | 'non-prod'
  kind: 'local' | 'kubernetes'
  scope: 'cluster' | 'namespace'
  namespace: string
  nodeFaults: boolean
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
      {kind === 'kubernetes' ? (
        <EngineField form={form} watched={scope === 'namespace' ? form.values.namespace : null} />
      ) : null}
    </>
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
