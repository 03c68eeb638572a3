import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { messageOf } from '../../client/problem-error.ts'
import { useProject } from '../../frame/current.ts'

export function useSchedule(name: string) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: keys.schedule(project, name),
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/workflows/:name/schedule', { params: { project, name }, signal })
  })
}

/** Activates or pauses; what it changes is read again. */
export function useSwitchSchedule(name: string) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (to: 'activate' | 'pause') =>
      to === 'activate'
        ? api.call('POST /projects/:project/workflows/:name/schedule/activate', { params: { project, name } })
        : api.call('POST /projects/:project/workflows/:name/schedule/pause', { params: { project, name } }),
    onSuccess: async (schedule) => {
      client.setQueryData(keys.schedule(project, name), schedule)
      await client.invalidateQueries({ queryKey: keys.workflow(project, name), exact: true })
      void client.invalidateQueries({ queryKey: keys.workflows(project) })
      void client.invalidateQueries({ queryKey: keys.overview(project) })
    },
    onError: (error) =>
      notifications.show({ color: 'red', title: 'The schedule was not changed', message: messageOf(error) })
  })
}
