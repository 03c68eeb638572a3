import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CreatedInfrastructure, InfrastructureBody, InfrastructureChange } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys, SERVER_PLACES_KEY } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'

/** While an agent is awaited the list is read this often, in ms. */
const AWAIT_MS = 1500

export function usePlaces(shown: CreatedInfrastructure | null) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: keys.infrastructures(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/infrastructures', { params: { project }, signal }),
    refetchInterval: ({ state }) => {
      const place = state.data?.items.find(({ id }) => id === shown?.infrastructure.id)
      return shown === null || (place?.connected && !place.awaited) ? false : AWAIT_MS
    }
  })
}

/** What is changed is read again, also where it is only named. */
function useChanged() {
  const project = useProject()
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.infrastructures(project) }),
      client.invalidateQueries({ queryKey: keys.overview(project) })
    ])
}

export function useAddPlace(onDone: (created: CreatedInfrastructure) => void) {
  const api = useApi()
  const project = useProject()
  const changed = useChanged()
  return useMutation({
    mutationFn: (body: InfrastructureBody) =>
      api.call('POST /projects/:project/infrastructures', { params: { project }, body }),
    onSuccess: (created) => {
      void changed()
      onDone(created)
    }
  })
}

export function useChangePlace(onDone: () => void) {
  const api = useApi()
  const project = useProject()
  const changed = useChanged()
  return useMutation({
    mutationFn: ({ id, ...body }: InfrastructureChange & { id: string }) =>
      api.call('PUT /projects/:project/infrastructures/:infrastructure', {
        params: { project, infrastructure: id },
        body
      }),
    onSuccess: async () => {
      await changed()
      onDone()
    }
  })
}

export function useRemovePlace(onDone: () => void) {
  const api = useApi()
  const project = useProject()
  const changed = useChanged()
  return useMutation({
    mutationFn: (id: string) =>
      api.call('DELETE /projects/:project/infrastructures/:infrastructure', {
        params: { project, infrastructure: id }
      }),
    onSuccess: async () => {
      await changed()
      onDone()
    }
  })
}

export function useNewToken(onDone: (created: CreatedInfrastructure) => void) {
  const api = useApi()
  const project = useProject()
  const changed = useChanged()
  return useMutation({
    mutationFn: (id: string) =>
      api.call('POST /projects/:project/infrastructures/:infrastructure/registration-token', {
        params: { project, infrastructure: id }
      }),
    onSuccess: (created) => {
      void changed()
      onDone(created)
    }
  })
}

export function useChooseDefault() {
  const api = useApi()
  const project = useProject()
  const changed = useChanged()
  return useMutation({
    mutationFn: (id: string) =>
      api.call('PUT /projects/:project/infrastructures/:infrastructure/default', {
        params: { project, infrastructure: id }
      }),
    onSuccess: changed
  })
}

/** The projects that an infrastructure is granted to; for admins. */
export function useGrants(id: string) {
  const api = useApi()
  return useQuery({
    queryKey: [...SERVER_PLACES_KEY, id],
    queryFn: async ({ signal }) => {
      let cursor: string | undefined
      do {
        const page = await api.call('GET /infrastructures', { query: { cursor, limit: 200 }, signal })
        const found = page.items.find((place) => place.id === id)
        if (found !== undefined) return found.grants
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      return []
    }
  })
}

export function useChangeGrant(id: string, onDone: () => void) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ grantee, granted }: { grantee: string; granted: boolean }) => {
      const params = { infrastructure: id, grantee }
      return granted
        ? api.call('PUT /infrastructures/:infrastructure/grants/:grantee', { params })
        : api.call('DELETE /infrastructures/:infrastructure/grants/:grantee', { params })
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: SERVER_PLACES_KEY })
      onDone()
    }
  })
}
