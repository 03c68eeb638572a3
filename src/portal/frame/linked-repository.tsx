import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { type RepositoryLinks, repositoryLinks } from '../../domain/index.ts'
import { useApi } from '../client/api-context.tsx'
import { keys } from '../client/keys.ts'
import { RepositoryLinksProvider } from '../ui/repository-links.tsx'
import { useProject } from './current.ts'

/** Commits and files lead to the pages of the git host, while the project is connected to one whose pages are known. */
export function LinkedRepository({ children }: { children: ReactNode }) {
  return <RepositoryLinksProvider value={useLinks()}>{children}</RepositoryLinksProvider>
}

function useLinks(): RepositoryLinks | null {
  const api = useApi()
  const project = useProject()
  const { data } = useQuery({
    queryKey: keys.gitops(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/gitops', { params: { project }, signal })
  })
  const url = data?.enabled ? data.url : ''
  const provider = data?.provider ?? null
  return useMemo(() => repositoryLinks({ url, provider }), [url, provider])
}
