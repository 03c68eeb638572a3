import { queryOptions, useQuery } from '@tanstack/react-query'
import type { FaultCatalogue } from '../../../domain/index.ts'
import type { ApiClient } from '../../client/api-client.ts'
import { useApi } from '../../client/api-context.tsx'
import { CATALOGUE_KEY, keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'

const NO_CATALOGUE: FaultCatalogue = { faults: [], probes: [] }

function catalogueQuery(api: ApiClient) {
  return queryOptions({
    queryKey: CATALOGUE_KEY,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await api.call('GET /catalogue', { signal })) as unknown as FaultCatalogue
  })
}

/** Faults and probes that this server knows; `ready` is false until they are here, and nothing may be judged by them. */
export function useCatalogue(): { catalogue: FaultCatalogue; ready: boolean } {
  const { data } = useQuery(catalogueQuery(useApi()))
  return { catalogue: data ?? NO_CATALOGUE, ready: data !== undefined }
}

export function useWorkflow(name: string) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: keys.workflow(project, name),
    queryFn: ({ signal }) => api.call('GET /projects/:project/workflows/:name', { params: { project, name }, signal })
  })
}

/** Where edits go: the words of the save button and its dialog. */
export function useDestination(): { verb: string; branch: string | null } {
  const api = useApi()
  const project = useProject()
  const { data } = useQuery({
    queryKey: keys.gitops(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/gitops', { params: { project }, signal })
  })
  return data?.enabled ? { verb: `Commit to ${data.branch}`, branch: data.branch } : { verb: 'Save', branch: null }
}
