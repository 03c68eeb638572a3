import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { UserBody } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { SESSION_KEY, USERS_KEY } from '../../client/keys.ts'

export function useUsers() {
  const api = useApi()
  return useQuery({ queryKey: USERS_KEY, queryFn: ({ signal }) => api.call('GET /users', { signal }) })
}

/** It may be about the reader. */
export function useChangeUser(onDone: () => void) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ login, ...body }: UserBody & { login: string }) =>
      api.call('PUT /users/:login', { params: { login }, body }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: USERS_KEY })
      onDone()
      await client.invalidateQueries({ queryKey: SESSION_KEY })
    }
  })
}

export function useResetPassword() {
  const api = useApi()
  return useMutation({
    mutationFn: (login: string) => api.call('POST /users/:login/reset-password', { params: { login } })
  })
}
