import { Button, Group, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Workflow } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { hasCode } from '../../client/problem-error.ts'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card } from '../../ui/page.tsx'
import { Problems } from '../../ui/problems.tsx'
import { RebaseEditor } from '../editor/rebase-editor.tsx'
import { useCheckedText } from './checked-text.ts'
import { Moved } from './conflict-panel.tsx'
import { useDestination } from './queries.ts'
import classes from './workflow.module.css'

type Conflict = NonNullable<Workflow['conflict']>
const WORDS = { keep: 'Keep the portal’s', take: 'Take git’s' }

/** The text that both sides become: taken difference by difference, or written; validated, and committed. */
export function ConflictResult({ workflow, conflict }: { workflow: Workflow; conflict: Conflict }) {
  const { name, path } = workflow
  const git = conflict.gitText ?? ''
  const portal = conflict.portalText ?? git
  // what the editor begins with; whoever takes a side whole begins anew
  const [start, setStart] = useState(portal)
  const [taken, setTaken] = useState(0)
  const [text, setText] = useState(portal)
  const [seen, setSeen] = useState(conflict.gitCommit)
  if (seen !== conflict.gitCommit) {
    // git has moved on: what was written is kept, over git's newer text
    setSeen(conflict.gitCommit)
    setStart(text)
  }
  const checked = useCheckedText(text, path)
  const resolve = useResolve(name)
  const take = (side: string) => {
    setStart(side)
    setText(side)
    setTaken((count) => count + 1)
  }
  return (
    <Card title="The result">
      <Stack gap="md">
        {hasCode(resolve.error, 'api/moved') ? <Moved /> : <FormProblem error={resolve.error} />}
        <Group justify="space-between" gap="xs">
          <span>Red is git’s text, green is the portal’s. Decide each difference, or write into it.</span>
          <Group gap="xs">
            <Button size="xs" variant="default" disabled={conflict.gitText === null} onClick={() => take(git)}>
              Take git’s whole
            </Button>
            <Button size="xs" variant="default" disabled={conflict.portalText === null} onClick={() => take(portal)}>
              Take the portal’s whole
            </Button>
          </Group>
        </Group>
        <RebaseEditor key={taken} newer={git} mine={start} label={`Result of ${name}`} words={WORDS} onText={setText} />
        <Problems problems={checked.problems} />
        <CommitForm
          name={name}
          ready={checked.ok}
          pending={resolve.isPending}
          onCommit={(message) => resolve.mutate({ text, message, seen: conflict.gitCommit })}
        />
        <p className={classes.hint}>Both texts stay readable in the history, whatever becomes of this.</p>
      </Stack>
    </Card>
  )
}

interface CommitFormProps {
  name: string
  ready: boolean
  pending: boolean
  onCommit: (message: string) => void
}

function CommitForm({ name, ready, pending, onCommit }: CommitFormProps) {
  const [message, setMessage] = useState('')
  const { verb } = useDestination()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onCommit(message)
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          className={classes.message ?? ''}
          label="Message"
          placeholder={`Resolve the conflict of ${name}`}
          maxLength={500}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!ready} loading={pending}>
          {verb}
        </Button>
      </Group>
    </form>
  )
}

/** The word is about the text of git that was seen; what was written here stays when it is refused. */
function useResolve(name: string) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: ({ message, ...body }: { text: string; seen: string; message: string }) =>
      api.call('POST /projects/:project/workflows/:name/resolve', {
        params: { project, name },
        query: { message },
        body
      }),
    onSuccess: async () => {
      notifications.show({ title: 'The conflict is decided', message: 'The result is on its way to git.' })
      await navigate({ to: '/p/$project/workflows/$name', params: { project, name } })
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(project) })
  })
}
