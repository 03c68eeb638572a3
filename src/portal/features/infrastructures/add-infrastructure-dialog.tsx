import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { CreatedInfrastructure } from '../../../contract/index.ts'
import { isDnsLabel } from '../../../domain/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'

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
  const add = useAdd((created) => {
    form.reset()
    onClose()
    onCreated(created)
  })
  return (
    <Modal opened={opened} onClose={onClose} title="Add infrastructure">
      <form onSubmit={form.onSubmit((typed) => add.mutate(typed))}>
        <Stack>
          <FormProblem error={add.error} />
          <TextInput
            label="Name"
            description="Of the machine where the agent and your workloads run."
            placeholder="laptop"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Radio.Group label="Environment" {...form.getInputProps('environment')}>
            <Group gap="lg" mt={6}>
              <Radio value="non-prod" label="Not production" />
              <Radio value="prod" label="Production" />
            </Group>
          </Radio.Group>
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

function useAdd(onCreated: (created: CreatedInfrastructure) => void) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ name, environment }: Typed) =>
      api.call('POST /projects/:project/infrastructures', {
        params: { project },
        body: { name, environment, kind: 'local' }
      }),
    onSuccess: (created) => {
      void client.invalidateQueries({ queryKey: keys.infrastructures(project) })
      onCreated(created)
    }
  })
}
