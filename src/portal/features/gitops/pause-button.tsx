import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import type { Gitops } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { messageOf } from '../../client/problem-error.ts'
import { useProject } from '../../frame/current.ts'
import { Icon } from '../../ui/icon.tsx'
import { useAdoptGitops } from './queries.ts'

/** Pauses GitOps or goes on: undone by one more click, so it asks nothing. */
export function PauseButton({ gitops: { sync } }: { gitops: Gitops }) {
  const paused = sync.paused !== null
  const change = useChange(paused)
  return (
    <Button
      size="xs"
      variant={paused ? 'filled' : 'default'}
      leftSection={<Icon name={paused ? 'runs' : 'hold'} size={13} />}
      loading={change.isPending}
      onClick={() => change.mutate()}
    >
      {paused ? 'Resume' : 'Pause'}
    </Button>
  )
}

function useChange(paused: boolean) {
  const api = useApi()
  const project = useProject()
  const adopt = useAdoptGitops()
  return useMutation({
    mutationFn: () =>
      paused
        ? api.call('POST /projects/:project/gitops/resume', { params: { project } })
        : api.call('POST /projects/:project/gitops/pause', { params: { project } }),
    onSuccess: adopt,
    onError: (error) =>
      notifications.show({ color: 'red', title: paused ? 'Not resumed' : 'Not paused', message: messageOf(error) })
  })
}
