import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Workflow } from '../../../contract/index.ts'
import { isDnsLabel, renamedPath } from '../../../domain/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { useDestination } from './queries.ts'
import classes from './workflow.module.css'

interface RenameDialogProps {
  workflow: Workflow
  onClose: () => void
}

/** Another name: what moves, and what still finds it by the old one. */
export function RenameDialog({ workflow, onClose }: RenameDialogProps) {
  const { branch } = useDestination()
  const [typed, setTyped] = useState(workflow.name)
  const [message, setMessage] = useState('')
  const rename = useRename(workflow, onClose)
  const name = typed.trim()
  const ready = isDnsLabel(name) && name !== workflow.name
  return (
    <Modal opened onClose={onClose} title={`Rename ${workflow.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) rename.mutate({ name, message })
        }}
      >
        <Stack>
          <FormProblem error={rename.error} />
          <TextInput
            label="New name"
            description="1 to 63 of a-z, 0-9 and “-”, not “-” at the ends."
            value={typed}
            maxLength={63}
            error={name === '' || isDnsLabel(name) ? null : 'This cannot be the name of a workflow.'}
            data-autofocus
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {ready ? <Consequences workflow={workflow} name={name} branch={branch} /> : null}
          {branch === null ? null : (
            <TextInput
              label="Message"
              placeholder={`Rename ${workflow.name} to ${name}`}
              maxLength={500}
              value={message}
              onChange={(event) => setMessage(event.currentTarget.value)}
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Keep the name
            </Button>
            <Button type="submit" disabled={!ready} loading={rename.isPending}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Consequences({ workflow, name, branch }: { workflow: Workflow; name: string; branch: string | null }) {
  const to = renamedPath(workflow.path, name)
  return (
    <div>
      <Text size="sm" fw={600}>
        What will happen
      </Text>
      <ul className={classes.consequences}>
        <li>
          <code>metadata.name</code> becomes <code>{name}</code>
          {to === workflow.path ? null : (
            <>
              , and <code>{workflow.path}</code> moves to <code>{to}</code>
            </>
          )}
          {branch === null ? '.' : `: one commit to ${branch}.`}
        </li>
        <li>Its history, runs and schedule stay with it.</li>
        <li>
          Workloads, commits and links that say <code>{workflow.name}</code> still find it, until another workflow takes
          that name. Pipelines that start it by that name must say the new one.
        </li>
      </ul>
    </div>
  )
}

function useRename({ name, etag }: Workflow, onClose: () => void) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (wish: { name: string; message: string }) =>
      api.call('POST /projects/:project/workflows/:name/rename', {
        params: { project, name },
        query: { message: wish.message },
        body: { name: wish.name },
        ifMatch: etag
      }),
    onSuccess: async (edit) => {
      onClose()
      if (edit.state === 'open')
        notifications.show({
          title: `${name} is being renamed`,
          message: `It is ${edit.name} once that has been taken over.`
        })
      else await navigate({ to: '/p/$project/workflows/$name', params: { project, name: edit.name } })
      await client.invalidateQueries({ queryKey: keys.project(project) })
    },
    onError: () => client.invalidateQueries({ queryKey: keys.workflow(project, name) })
  })
}
