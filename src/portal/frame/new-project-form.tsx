import { Button, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { isDnsLabel } from '../../domain/index.ts'
import { useApi } from '../client/api-context.tsx'
import { SESSION_KEY } from '../client/keys.ts'
import { FormProblem } from '../ui/form-problem.tsx'

export function NewProjectForm({ onDone }: { onDone?: () => void }) {
  const api = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: { id: '', name: '' },
    validate: {
      id: (id) => (isDnsLabel(id) ? null : 'Use a-z, 0-9 and "-", at most 63 characters.'),
      name: (name) => (name.trim() === '' ? 'Give it a name.' : null)
    }
  })
  const create = useMutation({
    mutationFn: (body: { id: string; name: string }) => api.call('POST /projects', { body }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: SESSION_KEY })
      onDone?.()
      await navigate({ to: '/p/$project', params: { project: id } })
    }
  })
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack gap="md">
        <FormProblem error={create.error} />
        <TextInput label="Name" placeholder="Web shop" data-autofocus {...form.getInputProps('name')} />
        <TextInput
          label="Id"
          description="Part of the path in git, litmus/<id>; it cannot be changed later."
          placeholder="shop"
          {...form.getInputProps('id')}
        />
        <Button type="submit" loading={create.isPending}>
          Create project
        </Button>
      </Stack>
    </form>
  )
}
