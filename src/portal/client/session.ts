import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Session } from '../../contract/index.ts'
import type { ApiClient } from './api-client.ts'
import { useApi } from './api-context.tsx'
import { SESSION_KEY } from './keys.ts'
import { hasCode } from './problem-error.ts'

/** Who is signed in; null = nobody. */
function sessionQuery(api: ApiClient) {
  return queryOptions({
    queryKey: SESSION_KEY,
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return api.adopt(await api.call('GET /session', { signal }))
      } catch (error) {
        if (hasCode(error, 'api/unauthenticated')) return null
        throw error
      }
    }
  })
}

export function useSessionQuery() {
  return useQuery(sessionQuery(useApi()))
}

/** Signs out and forgets all that was read. */
export function useSignOut(): () => Promise<void> {
  const api = useApi()
  const client = useQueryClient()
  return useCallback(async () => {
    await api.call('DELETE /session', {}).catch(() => null)
    client.clear()
    client.setQueryData(SESSION_KEY, null)
  }, [api, client])
}
