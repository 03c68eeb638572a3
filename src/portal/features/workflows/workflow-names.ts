import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'

/** Names to choose a workflow from, found as one types: there may be thousands. What is chosen is always one of them. */
export function useWorkflowNames(chosen: string | undefined): { names: string[]; onType: (typed: string) => void } {
  const api = useApi()
  const project = useProject()
  const [typed, onType] = useState('')
  const [q] = useDebouncedValue(typed === chosen ? '' : typed, 200)
  const { data } = useQuery({
    queryKey: [...keys.workflows(project, q), 'names'],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/workflows', { params: { project }, query: { q, limit: 20 }, signal }),
    placeholderData: (before) => before
  })
  const found = (data?.items ?? []).flatMap(({ name, definition }) => (definition === null ? [] : [name]))
  return { names: [...new Set([...(chosen ? [chosen] : []), ...found])], onType }
}
