import { type GitProvider, recogniseProvider } from './git-provider.ts'
import { type RepositoryParts, repositoryParts } from './repository-address.ts'

export interface LinkedRepository {
  /** as it is stored: https or SSH */
  url: string
  /** as chosen; null = recognised by the address */
  provider: GitProvider | null
}

export interface FilePlace {
  /** from the root of the repository */
  path: string
  /** whole id */
  commit: string
  /** 1 = the first */
  line?: number
}

/** Pages of the git host, as its own links have them. */
export interface RepositoryLinks {
  commit(id: string): string
  file(place: FilePlace): string
}

/**
 * Where the git host shows commits and files; null where that is not known. The address of an SSH remote says nothing of
 * the web's port: the usual one is taken.
 */
export function repositoryLinks({ url, provider }: LinkedRepository): RepositoryLinks | null {
  const parts = repositoryParts(url)
  if (parts === null) return null
  return FORMS[provider ?? recogniseProvider(parts.host)]({ ...parts, path: parts.path.replace(/\.git$/, '') })
}

const FORMS: Readonly<Record<GitProvider, (parts: RepositoryParts) => RepositoryLinks | null>> = {
  github: (parts) => linksAt(plainPage(parts), { commit: '/commit/', file: '/blob/' }),
  gitlab: (parts) => linksAt(plainPage(parts), { commit: '/-/commit/', file: '/-/blob/' }),
  gitea: (parts) => linksAt(plainPage(parts), { commit: '/commit/', file: '/src/commit/' }),
  bitbucket: (parts) => (/(^|\.)bitbucket\.org$/.test(parts.host) ? bitbucketCloud(parts) : bitbucketServer(parts)),
  azure,
  plain: () => null
}

function linksAt(page: string, form: { commit: string; file: string }): RepositoryLinks {
  return {
    commit: (id) => `${page}${form.commit}${id}`,
    file: ({ path, commit, line }) =>
      `${page}${form.file}${commit}/${encoded(path)}${line === undefined ? '' : `#L${line}`}`
  }
}

function bitbucketCloud(parts: RepositoryParts): RepositoryLinks {
  const page = plainPage(parts)
  return {
    commit: (id) => `${page}/commits/${id}`,
    file: ({ path, commit, line }) =>
      `${page}/src/${commit}/${encoded(path)}${line === undefined ? '' : `#lines-${line}`}`
  }
}

/** Data Center clones from `…/scm/PROJECT/repository`, or over SSH without `scm`; `~user` is a personal project. */
function bitbucketServer(parts: RepositoryParts): RepositoryLinks | null {
  const [, context = '', owner, name] = /^(?:(.*\/)?scm\/|)([^/]+)\/([^/]+)$/.exec(parts.path) ?? []
  if (owner === undefined || name === undefined) return null
  const home = owner.startsWith('~') ? `users/${owner.slice(1)}` : `projects/${owner}`
  const page = plainPage({ ...parts, path: `${context}${home}/repos/${name}` })
  return {
    commit: (id) => `${page}/commits/${id}`,
    file: ({ path, commit, line }) =>
      `${page}/browse/${encoded(path)}?at=${commit}${line === undefined ? '' : `#${line}`}`
  }
}

/** `dev.azure.com/organisation/project/_git/repository`, an older host for each organisation, or SSH's `v3/…`. */
function azure(parts: RepositoryParts): RepositoryLinks | null {
  const page = azurePage(parts)
  if (page === null) return null
  return {
    commit: (id) => `${page}/commit/${id}`,
    file: ({ path, commit, line }) => {
      const lines =
        line === undefined ? '' : `&line=${line}&lineEnd=${line + 1}&lineStartColumn=1&lineEndColumn=1&lineStyle=plain`
      return `${page}?path=${encodeURIComponent(`/${path}`)}&version=GC${commit}${lines}`
    }
  }
}

function azurePage(parts: RepositoryParts): string | null {
  if (parts.kind === 'https') return parts.path.includes('_git/') ? plainPage(parts) : null
  const [, organisation, project, name] = /^v3\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(parts.path) ?? []
  if (organisation === undefined || project === undefined || name === undefined) return null
  return parts.host === 'ssh.dev.azure.com'
    ? plainPage({ ...parts, host: 'dev.azure.com', path: `${organisation}/${project}/_git/${name}` })
    : plainPage({ ...parts, host: `${organisation}.visualstudio.com`, path: `${project}/_git/${name}` })
}

/** Hosts that take SSH by another name where a firewall lets only 443 through. */
const SSH_ONLY = /^(ssh|altssh)\.(?=(github\.com|gitlab\.com|bitbucket\.org)$)/

function plainPage({ kind, scheme, host, port, path }: RepositoryParts): string {
  const webPort = kind === 'ssh' || port === '' ? '' : `:${port}`
  return `${scheme}://${host.replace(SSH_ONLY, '')}${webPort}/${encoded(decoded(path))}`
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** Addresses are pasted with their names encoded, or not. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
