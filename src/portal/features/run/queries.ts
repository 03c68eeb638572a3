import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Run } from '../../../contract/index.ts'
import { type Fact, isFinal } from '../../../domain/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'

/** Beside the events: so that a run under way is never shown older than this, in ms. */
const POLL_MS = 3000

export function useRun(id: string) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: keys.run(project, id),
    queryFn: ({ signal }) => api.call('GET /projects/:project/runs/:run', { params: { project, run: id }, signal }),
    refetchInterval: ({ state }) => (state.data === undefined || isFinal(state.data.phase) ? false : POLL_MS)
  })
}

interface Told {
  facts: readonly Fact[]
  last: number
}

/** All facts of the run so far; each look asks only for those after the last known one. */
export function useFacts(run: Run) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  const queryKey = keys.facts(project, run.id)
  return useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Told> => {
      let told = client.getQueryData<Told>(queryKey) ?? { facts: [], last: 0 }
      for (;;) {
        const { facts, last } = await api.call('GET /projects/:project/runs/:run/facts', {
          params: { project, run: run.id },
          query: { after: told.last },
          signal
        })
        if (facts.length === 0) return told
        told = { facts: [...told.facts, ...facts], last }
      }
    },
    refetchInterval: isFinal(run.phase) ? false : POLL_MS
  })
}
