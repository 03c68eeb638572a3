import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { SimulateBody } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'

/** Below the workflows, whose events are about policies too; their decisions come at any time. */
export function usePolicies(cursor: string | undefined) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: [...keys.workflows(project), 'policies', cursor ?? null],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/policies', { params: { project }, query: { cursor, limit: 50 }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000
  })
}

/** null: nothing to ask yet */
export function useSimulation(question: SimulateBody | null) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: [...keys.changes(project), 'simulation', question],
    enabled: question !== null,
    queryFn: ({ signal }) =>
      api.call('POST /projects/:project/policies/simulate', { params: { project }, body: question ?? {}, signal }),
    placeholderData: keepPreviousData,
    retry: false
  })
}

/** The newest changes, of which one is chosen. */
export function useNewestChanges() {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: [...keys.changes(project), 'to-simulate'],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/changes', { params: { project }, query: { limit: 50 }, signal })
  })
}
