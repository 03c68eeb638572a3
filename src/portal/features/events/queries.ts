import { useInfiniteQuery } from '@tanstack/react-query'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import type { EventFilter } from '../../frame/event-filter.ts'

export function useChanges({ outcome, q }: EventFilter) {
  const api = useApi()
  const project = useProject()
  return useInfiniteQuery({
    queryKey: [...keys.changes(project), { outcome, q }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call('GET /projects/:project/changes', {
        params: { project },
        query: { outcome, q, cursor: pageParam, limit: 50 },
        signal
      }),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before
  })
}

export function useWorkloads() {
  const api = useApi()
  const project = useProject()
  return useInfiniteQuery({
    queryKey: [...keys.changes(project), 'workloads'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call('GET /projects/:project/workloads', {
        params: { project },
        query: { cursor: pageParam, limit: 50 },
        signal
      }),
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 10_000
  })
}
