import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import type { EventFilter } from '../../frame/event-filter.ts'

export function useChanges({ outcome, q }: EventFilter, cursor: string | undefined) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: [...keys.changes(project), { outcome, q }, cursor ?? null],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/changes', {
        params: { project },
        query: { outcome, q, cursor, limit: 50 },
        signal
      }),
    placeholderData: keepPreviousData
  })
}

export function useWorkloads(cursor: string | undefined) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: [...keys.changes(project), 'workloads', cursor ?? null],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/workloads', { params: { project }, query: { cursor, limit: 50 }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000
  })
}
