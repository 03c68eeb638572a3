import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Infrastructure, InfrastructureChange } from '../../../contract/index.ts'
import { isDnsLabel } from '../../../domain/index.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { chosenEngine, ENGINE_RULES, EngineField, type TypedEngine, typedEngine } from './engine-field.tsx'
import { EnvironmentField } from './environment-field.tsx'
import { NodesField } from './place-fields.tsx'
import { useChangePlace } from './queries.ts'

export function ChangePlaceDialog({ place, onClose }: { place: Infrastructure; onClose: () => void }) {
  const { id, name, environment, nodeFaults, kind, namespace } = place
  const change = useChangePlace(onClose)
  const form = useForm({
    initialValues: { name, environment, nodeFaults, ...typedEngine(place.engine) },
    validate: {
      ...ENGINE_RULES,
      name: (typed) => (isDnsLabel(typed) ? null : 'Use a-z, 0-9 and "-", at most 63 characters.')
    }
  })
  return (
    <Modal opened onClose={onClose} title={`Change ${name}`}>
      <form onSubmit={form.onSubmit((typed) => change.mutate({ id, ...changeOf(typed, kind) }))}>
        <Stack>
          <FormProblem error={change.error} />
          <TextInput
            label="Name"
            description={`Files that name ${name} still find it: the old name stays an alias.`}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <EnvironmentField {...form.getInputProps('environment')} />
          {kind === 'kubernetes' && namespace === null ? <NodesField form={form} /> : null}
          {kind === 'kubernetes' ? <EngineField form={form} watched={namespace} /> : null}
          {form.values.engine === 'argo' && place.engine.kind === 'builtin' ? (
            <Text size="sm" c="dimmed">
              The agent needs more rights then: take a new registration token afterwards, and apply the manifest that
              comes with it.
            </Text>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

type TypedChange = TypedEngine & Pick<Infrastructure, 'name' | 'environment' | 'nodeFaults'>

function changeOf(typed: TypedChange, kind: Infrastructure['kind']): InfrastructureChange {
  const { name, environment, nodeFaults } = typed
  return { name, environment, nodeFaults, ...(kind === 'kubernetes' && { engine: chosenEngine(typed) }) }
}
