import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Workflow } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { hasCode } from '../../client/problem-error.ts'
import { useProject, useSession } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { useDestination } from './queries.ts'

const TextDiff = lazy(() => import('../editor/text-diff.tsx').then((part) => ({ default: part.TextDiff })))

interface SaveDialogProps {
  workflow: Workflow
  text: string
  opened: boolean
  onClose: () => void
  /** the person wants to look at the text that moved on meanwhile */
  onMoved: () => void
}

/** "Commit to main": what changes, why, by whom. A text that moved on meanwhile is never overwritten unseen. */
export function SaveDialog({ workflow, text, opened, onClose, onMoved }: SaveDialogProps) {
  const { verb, branch } = useDestination()
  const [message, setMessage] = useState('')
  const save = useSave(workflow, text, () => {
    setMessage('')
    onClose()
  })
  const moved = hasCode(save.error, 'api/stale')
  const compare = () => {
    save.reset()
    onMoved()
  }
  return (
    <Modal opened={opened} onClose={onClose} title={verb} size={880}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate(message)
        }}
      >
        <Stack>
          <FormProblem error={save.error} />
          {moved ? <Moved onCompare={compare} /> : null}
          <Suspense fallback={null}>
            <TextDiff before={workflow.head} after={text} label={`Changes of ${workflow.name}`} />
          </Suspense>
          <TextInput
            label="Message"
            placeholder={`Change ${workflow.name}`}
            maxLength={500}
            value={message}
            data-autofocus
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
          <Group justify="space-between">
            <Author branch={branch} />
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                Go on editing
              </Button>
              <Button type="submit" loading={save.isPending} disabled={moved || text === workflow.head}>
                {verb}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Moved({ onCompare }: { onCompare: () => void }) {
  return (
    <Group justify="space-between">
      <Text size="sm">What you typed is kept. Look at the newer text, and go on from there.</Text>
      <Button size="xs" onClick={onCompare}>
        Compare with the newer
      </Button>
    </Group>
  )
}

function Author({ branch }: { branch: string | null }) {
  const { user } = useSession()
  return (
    <Text size="sm" c="dimmed">
      {branch === null ? 'Saved as' : 'Author of the commit:'} {user.name || user.login}
    </Text>
  )
}

function useSave({ name, etag }: Workflow, text: string, onDone: () => void) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (message: string) =>
      api.call('PUT /projects/:project/workflows/:name', {
        params: { project, name },
        query: { message },
        body: text,
        ifMatch: etag
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.workflow(project, name) })
      void client.invalidateQueries({ queryKey: keys.workflows(project) })
      onDone()
    },
    // the newer text is here before the refusal is shown
    onError: async (error) => {
      if (hasCode(error, 'api/stale')) await client.invalidateQueries({ queryKey: keys.workflow(project, name) })
    }
  })
}
