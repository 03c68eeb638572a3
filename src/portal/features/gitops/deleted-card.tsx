import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Gitops } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { messageOf } from '../../client/problem-error.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { Card } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { useAdoptGitops } from './queries.ts'

/** What turning GitOps off has deleted, and the way back. */
export function DeletedCard({ gitops: { deletedWorkflows } }: { gitops: Gitops }) {
  const project = useProject()
  const { manage } = useMay()
  const restore = useRestore()
  if (deletedWorkflows === null) return null
  const { count, at } = deletedWorkflows
  const one = count === 1
  const which = one ? '1 workflow that was in git is' : `${count} workflows that were in git are`
  return (
    <Card title={`${which} deleted here`} aside={<When at={at} />}>
      <Group justify="space-between" gap="md">
        <span>
          {one ? 'It' : 'They'} went when GitOps was turned off. Git keeps its files, and here nothing is lost.
        </span>
        <Group gap="xs">
          <Button component={Link} variant="default" to="/p/$project/deleted-workflows" params={{ project } as never}>
            Look at {one ? 'it' : 'them'}
          </Button>
          {manage ? (
            <Button loading={restore.isPending} onClick={() => restore.mutate()}>
              Restore {one ? 'it' : 'them'}
            </Button>
          ) : null}
        </Group>
      </Group>
    </Card>
  )
}

function useRestore() {
  const api = useApi()
  const project = useProject()
  const adopt = useAdoptGitops()
  return useMutation({
    mutationFn: () => api.call('POST /projects/:project/gitops/restore-workflows', { params: { project } }),
    onSuccess: (gitops) => {
      adopt(gitops)
      notifications.show({ message: 'The workflows are back, with history and runs. Their schedules are paused.' })
    },
    onError: (error) => notifications.show({ color: 'red', title: 'Not restored', message: messageOf(error) })
  })
}
