import { Button, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../client/api-context.tsx'
import { SESSION_KEY } from '../../client/keys.ts'
import { FormProblem } from '../../ui/form-problem.tsx'

const MIN_LENGTH = 12

export function PasswordForm({ onDone }: { onDone?: () => void }) {
  const api = useApi()
  const client = useQueryClient()
  const form = useForm({
    initialValues: { current: '', next: '', again: '' },
    validate: {
      next: (next) => (next.length < MIN_LENGTH ? `At least ${MIN_LENGTH} characters.` : null),
      again: (again, { next }) => (again === next ? null : 'The two are not the same.')
    }
  })
  const change = useMutation({
    mutationFn: ({ current, next }: { current: string; next: string }) =>
      api.call('PUT /session/password', { body: { current, next } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: SESSION_KEY })
      onDone?.()
    }
  })
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack gap="md">
        <FormProblem error={change.error} />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          required
          data-autofocus
          {...form.getInputProps('current')}
        />
        <PasswordInput
          label="New password"
          description={`At least ${MIN_LENGTH} characters; a sentence is easy to keep.`}
          autoComplete="new-password"
          required
          {...form.getInputProps('next')}
        />
        <PasswordInput
          label="New password, again"
          autoComplete="new-password"
          required
          {...form.getInputProps('again')}
        />
        <Button type="submit" loading={change.isPending}>
          Change password
        </Button>
      </Stack>
    </form>
  )
}
