import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Workflow } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { useDestination } from './queries.ts'

interface DeleteDialogProps {
  workflow: Workflow
  opened: boolean
  onClose: () => void
}

export function DeleteDialog({ workflow, opened, onClose }: DeleteDialogProps) {
  const { branch } = useDestination()
  const [message, setMessage] = useState('')
  const remove = useDelete(workflow, onClose)
  return (
    <Modal opened={opened} onClose={onClose} title={`Delete ${workflow.name}`}>
      <Stack>
        <FormProblem error={remove.error} />
        <Text>
          {branch === null ? (
            <>The workflow is deleted here.</>
          ) : (
            <>
              <code>{workflow.path}</code> is removed from <code>{branch}</code> by a commit.
            </>
          )}{' '}
          Its automatic runs stop at once. Its history and runs are kept, and it can be restored.
        </Text>
        <TextInput
          label="Message"
          placeholder={`Delete ${workflow.name}`}
          maxLength={500}
          value={message}
          data-autofocus
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate(message)}>
            Delete {workflow.name}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function useDelete({ name, etag }: Workflow, onClose: () => void) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (message: string) =>
      api.call('DELETE /projects/:project/workflows/:name', {
        params: { project, name },
        query: { message },
        ifMatch: etag
      }),
    onSuccess: async (edit) => {
      onClose()
      notifications.show({
        title: `${name} is being deleted`,
        message: edit.state === 'open' ? 'It is gone from the list once git has the commit.' : 'It is deleted.'
      })
      await navigate({ to: '/p/$project/workflows', params: { project } })
      await client.invalidateQueries({ queryKey: keys.project(project) })
    },
    onError: () => client.invalidateQueries({ queryKey: keys.workflow(project, name) })
  })
}
