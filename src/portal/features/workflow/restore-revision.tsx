import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { useDestination, useWorkflow } from './queries.ts'

interface RestoreRevisionProps {
  name: string
  number: number
  text: string
  onDone: () => void
}

/** The text of an old revision is saved again, as an edit over what there is now. */
export function RestoreRevision({ name, number, text, onDone }: RestoreRevisionProps) {
  const { edit } = useMay()
  const { branch } = useDestination()
  const { data } = useWorkflow(name)
  const restore = useRestore(name, number, onDone)
  if (!edit || data === undefined) return null
  const same = data.head === text
  return (
    <>
      <FormProblem error={restore.error} />
      <Group justify="flex-end">
        <Button variant="default" disabled={same} loading={restore.isPending} onClick={() => restore.mutate(data.etag)}>
          {same ? 'This is the text of now' : `Restore revision ${number}${branch === null ? '' : ` to ${branch}`}`}
        </Button>
      </Group>
    </>
  )
}

function useRestore(name: string, number: number, onDone: () => void) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (etag: string) =>
      api.call('POST /projects/:project/workflows/:name/revisions/:number/restore', {
        params: { project, name, number: String(number) },
        ifMatch: etag
      }),
    onSuccess: ({ state }) => {
      const message = state === 'open' ? 'It is on its way to git.' : 'It is the text of now.'
      notifications.show({ title: `Revision ${number} is restored`, message })
      onDone()
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(project) })
  })
}
