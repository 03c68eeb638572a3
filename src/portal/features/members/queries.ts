import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { InvitationBody, MemberBody } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { INVITATIONS_KEY, keys, SESSION_KEY } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'

export function useMembers() {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: keys.members(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/members', { params: { project }, signal })
  })
}

/** What a change of members makes stale; it may be about the reader. */
function useStale() {
  const client = useQueryClient()
  const project = useProject()
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.members(project) }),
      client.invalidateQueries({ queryKey: keys.audit(project) }),
      client.invalidateQueries({ queryKey: SESSION_KEY })
    ])
}

export function useAddMember(onDone: (login: string) => void) {
  const api = useApi()
  const project = useProject()
  const stale = useStale()
  return useMutation({
    mutationFn: (body: MemberBody) => api.call('POST /projects/:project/members', { params: { project }, body }),
    onSuccess: ({ login }) => {
      void stale()
      onDone(login)
    }
  })
}

export function useSetRole(onDone: () => void) {
  const api = useApi()
  const project = useProject()
  const stale = useStale()
  return useMutation({
    mutationFn: ({ login, role }: MemberBody) =>
      api.call('PUT /projects/:project/members/:login', { params: { project, login }, body: { role } }),
    onSuccess: () => {
      void stale()
      onDone()
    }
  })
}

export function useRemoveMember(onDone: () => void) {
  const api = useApi()
  const project = useProject()
  const stale = useStale()
  return useMutation({
    mutationFn: (login: string) => api.call('DELETE /projects/:project/members/:login', { params: { project, login } }),
    onSuccess: () => {
      void stale()
      onDone()
    }
  })
}

export function useInvitations() {
  const api = useApi()
  return useQuery({
    queryKey: INVITATIONS_KEY,
    queryFn: ({ signal }) => api.call('GET /invitations', { signal })
  })
}

export function useInvite() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: InvitationBody) => api.call('POST /invitations', { body }),
    onSuccess: () => void client.invalidateQueries({ queryKey: INVITATIONS_KEY })
  })
}

export function useWithdraw(onDone: () => void) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (invitation: string) => api.call('DELETE /invitations/:invitation', { params: { invitation } }),
    onSuccess: onDone,
    // it may have been accepted meanwhile
    onSettled: () => client.invalidateQueries({ queryKey: INVITATIONS_KEY })
  })
}
