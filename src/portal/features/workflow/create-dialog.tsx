import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject, useSession } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { useDestination } from './queries.ts'

interface CreateDialogProps {
  name: string
  text: string
  opened: boolean
  onClose: () => void
}

export function CreateDialog({ name, text, opened, onClose }: CreateDialogProps) {
  const { verb } = useDestination()
  const { user } = useSession()
  const [message, setMessage] = useState('')
  const create = useCreate(text)
  return (
    <Modal opened={opened} onClose={onClose} title={verb}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate(message)
        }}
      >
        <Stack>
          <FormProblem error={create.error} />
          <Text>
            Adds <strong>{name}</strong>, written by {user.name || user.login}.
          </Text>
          <TextInput
            label="Message"
            placeholder={`Add ${name}`}
            maxLength={500}
            value={message}
            data-autofocus
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Go on editing
            </Button>
            <Button type="submit" loading={create.isPending}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function useCreate(text: string) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (message: string) =>
      api.call('POST /projects/:project/workflows', { params: { project }, query: { message }, body: text }),
    onSuccess: async (edit) => {
      await client.invalidateQueries({ queryKey: keys.workflows(project) })
      await navigate({ to: '/p/$project/workflows/$name', params: { project, name: edit.name } })
    }
  })
}
