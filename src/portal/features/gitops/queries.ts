import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Gitops, GitopsBody } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { messageOf } from '../../client/problem-error.ts'
import { useProject } from '../../frame/current.ts'

export function useGitops() {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: keys.gitops(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/gitops', { params: { project }, signal })
  })
}

/** Edits on their way to git. */
export function useOpenEdits() {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: keys.edits(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/edits', { params: { project }, signal })
  })
}

/** Puts what a command answered on the screen, and reads again whatever it may have changed. */
export function useAdoptGitops(): (gitops: Gitops) => void {
  const project = useProject()
  const client = useQueryClient()
  return (gitops) => {
    client.setQueryData(keys.gitops(project), gitops)
    void client.invalidateQueries({ queryKey: keys.project(project) })
  }
}

/** PUT of the settings; what is typed and not sent stays as it is stored. */
export function useSaveGitops(hooks: { onMutate?: () => void; onSuccess?: () => void } = {}) {
  const api = useApi()
  const project = useProject()
  const adopt = useAdoptGitops()
  return useMutation({
    mutationFn: (body: GitopsBody) => api.call('PUT /projects/:project/gitops', { params: { project }, body }),
    onMutate: () => hooks.onMutate?.(),
    onSuccess: (gitops) => {
      adopt(gitops)
      hooks.onSuccess?.()
    }
  })
}

export function useGenerateKey() {
  const api = useApi()
  const project = useProject()
  const adopt = useAdoptGitops()
  return useMutation({
    mutationFn: () => api.call('POST /projects/:project/gitops/ssh-key', { params: { project } }),
    onSuccess: adopt
  })
}

/** The keys that the host of an address shows. */
export function useHostLook() {
  const api = useApi()
  const project = useProject()
  return useMutation({
    mutationFn: (url: string) =>
      api.call('POST /projects/:project/gitops/host-keys', { params: { project }, body: { url } })
  })
}

export function useSyncNow() {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api.call('POST /projects/:project/gitops/sync', { params: { project } }),
    onSuccess: ({ status, message }) =>
      notifications.show({
        color: status === 'stalled' ? 'red' : 'petrol',
        title: status === 'stalled' ? 'Sync is stalled' : 'Synced',
        message: message ?? 'Git and the portal are the same.'
      }),
    onError: (error) => notifications.show({ color: 'red', title: 'Not synced', message: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(project) })
  })
}

export function useAccept() {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (withheld: string) =>
      api.call('POST /projects/:project/gitops/withheld/:withheld/accept', { params: { project, withheld } }),
    onError: (error) => notifications.show({ color: 'red', title: 'Not accepted', message: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(project) })
  })
}
