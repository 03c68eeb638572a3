import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CreatedHook, Hook, HookBody } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'

/** No event tells of a call that was refused: list and decisions are read again this often, in ms. */
const AGAIN_MS = 10_000

export function useHooks() {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: keys.hooks(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/hooks', { params: { project }, signal }),
    refetchInterval: AGAIN_MS
  })
}

/** A page of what was decided about the calls of a hook, newest first. */
export function useDecisions(hook: string, cursor: string | undefined) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: [...keys.hooks(project), hook, cursor ?? null],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/hooks/:hook/events', {
        params: { project, hook },
        query: { cursor, limit: 20 },
        signal
      }),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS
  })
}

function useStale() {
  const client = useQueryClient()
  const project = useProject()
  return () => client.invalidateQueries({ queryKey: keys.hooks(project) })
}

export function useCreateHook(onDone: (created: CreatedHook) => void) {
  const api = useApi()
  const project = useProject()
  const stale = useStale()
  return useMutation({
    mutationFn: (body: HookBody) => api.call('POST /projects/:project/hooks', { params: { project }, body }),
    onSuccess: onDone,
    onSettled: stale
  })
}

export function usePauseHook() {
  const api = useApi()
  const project = useProject()
  const stale = useStale()
  return useMutation({
    mutationFn: ({ hook, paused }: { hook: Hook; paused: boolean }) => {
      const { id, name, workflow, infrastructure, parameters, only, limit } = hook
      return api.call('PUT /projects/:project/hooks/:hook', {
        params: { project, hook: id },
        body: {
          ...{ name, workflow, parameters, only, limit, paused },
          ...(infrastructure && { infrastructure: infrastructure.id })
        }
      })
    },
    onSettled: stale
  })
}

export function useRenewSecret(onDone: (created: CreatedHook) => void) {
  const api = useApi()
  const project = useProject()
  const stale = useStale()
  return useMutation({
    mutationFn: (hook: string) => api.call('POST /projects/:project/hooks/:hook/secret', { params: { project, hook } }),
    onSuccess: onDone,
    onSettled: stale
  })
}

export function useRemoveHook(onDone: () => void) {
  const api = useApi()
  const project = useProject()
  const stale = useStale()
  return useMutation({
    mutationFn: (hook: string) => api.call('DELETE /projects/:project/hooks/:hook', { params: { project, hook } }),
    onSuccess: onDone,
    onSettled: stale
  })
}
