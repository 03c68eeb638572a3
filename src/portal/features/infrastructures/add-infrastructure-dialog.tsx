import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { CreatedInfrastructure } from '../../../contract/index.ts'
import { isDnsLabel } from '../../../domain/index.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { EnvironmentField } from './environment-field.tsx'
import { useAddPlace } from './queries.ts'

interface Typed {
  name: string
  environment: 'prod' | 'non-prod'
}

interface AddInfrastructureDialogProps {
  opened: boolean
  onClose: () => void
  onCreated: (created: CreatedInfrastructure) => void
}

export function AddInfrastructureDialog({ opened, onClose, onCreated }: AddInfrastructureDialogProps) {
  const form = useForm<Typed>({
    initialValues: { name: '', environment: 'non-prod' },
    validate: { name: (name) => (isDnsLabel(name) ? null : 'Use a-z, 0-9 and "-", at most 63 characters.') }
  })
  const add = useAddPlace((created) => {
    form.reset()
    onClose()
    onCreated(created)
  })
  return (
    <Modal opened={opened} onClose={onClose} title="Add infrastructure">
      <form onSubmit={form.onSubmit((typed) => add.mutate({ ...typed, kind: 'local' }))}>
        <Stack>
          <FormProblem error={add.error} />
          <TextInput
            label="Name"
            description="Of the machine where the agent and your workloads run."
            placeholder="laptop"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <EnvironmentField {...form.getInputProps('environment')} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
