import { useParams } from '@tanstack/react-router'
import type { Session } from '../../contract/index.ts'
import { useSessionQuery } from '../client/session.ts'

/** The project of the URL. */
export function useProject(): string {
  return useParams({ from: '/signed-in/p/$project' }).project
}

/** Who is signed in; only below `SignedIn`. */
export function useSession(): Session {
  const { data } = useSessionQuery()
  if (!data) throw new Error('useSession is used outside SignedIn')
  return data
}

/** What the role allows is decided by the server; the page only leaves out what would be refused. */
export function useMay(): { edit: boolean; manage: boolean } {
  const project = useProject()
  const role = useSession().projects.find((candidate) => candidate.id === project)?.role
  return { edit: role === 'owner' || role === 'executor', manage: role === 'owner' }
}
