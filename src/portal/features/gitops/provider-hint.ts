import { type GitProvider, recogniseProvider, repositoryParts } from '../../../domain/index.ts'
import { addressHost } from './repository-address.ts'

interface ProviderHint {
  provider: string
  /** which token to make, and where */
  token: string
  /** where the public half of an SSH key is pasted, so that it may push */
  key: string
}

export const PROVIDER_NAMES: Readonly<Record<GitProvider, string>> = {
  github: 'GitHub',
  gitlab: 'GitLab',
  gitea: 'Gitea or Forgejo',
  bitbucket: 'Bitbucket',
  azure: 'Azure DevOps',
  plain: 'Another git server'
}

const HINTS: Readonly<Record<Exclude<GitProvider, 'plain'>, Omit<ProviderHint, 'provider'>>> = {
  github: {
    token: 'Settings → Developer settings → Fine-grained tokens: this repository, Contents read and write.',
    key: 'Repository → Settings → Deploy keys → Add deploy key, with “Allow write access” ticked.'
  },
  gitlab: {
    token: 'Project → Settings → Access tokens: role Developer or higher, scope write_repository.',
    key: 'Project → Settings → Repository → Deploy keys, with “Grant write permissions to this key” ticked.'
  },
  bitbucket: {
    token: 'Repository settings → HTTP access tokens: Repository write.',
    key: 'Repository settings → Access keys → Add key, with permission “Read/Write”.'
  },
  gitea: {
    token: 'Settings → Applications: a token with write access to repositories.',
    key: 'Repository → Settings → Deploy keys → Add deploy key, with “Enable write access” ticked.'
  },
  azure: {
    token: 'User settings → Personal access tokens: scope Code, read and write.',
    key: 'User settings → SSH public keys. RSA keys alone are taken there: use a key of your own.'
  }
}

/** Atlassian's own, which differs from a Bitbucket of one's own. */
const BITBUCKET_CLOUD = {
  token: 'Repository settings → Access tokens: Repositories read and write.',
  key: 'Access keys of a repository only read there. To push: Personal Bitbucket settings → SSH keys, of an account that may write.'
}

/** As a person chose it, else what the host of the address is known for. */
export function providerOf(address: string, chosen: GitProvider | null = null): GitProvider {
  return chosen ?? recogniseProvider(hostOf(address))
}

/** null where nothing is known about the host. */
export function providerHint(address: string, chosen: GitProvider | null = null): ProviderHint | null {
  const provider = providerOf(address, chosen)
  if (provider === 'plain') return null
  const cloud = provider === 'bitbucket' && /(^|\.)bitbucket\.org$/.test(hostOf(address))
  return { provider: PROVIDER_NAMES[provider], ...(cloud ? BITBUCKET_CLOUD : HINTS[provider]) }
}

/** The page of the host where a token is made; null where it cannot be said. */
export function tokenPage(address: string, chosen: GitProvider | null = null): string | null {
  const parts = repositoryParts(address)
  if (parts === null || parts.kind !== 'https') return null
  const origin = `https://${parts.host}${parts.port === '' ? '' : `:${parts.port}`}`
  const path = parts.path.replace(/\.git$/, '')
  switch (providerOf(address, chosen)) {
    case 'github':
      return `${origin}/settings/personal-access-tokens/new`
    case 'gitlab':
      return `${origin}/${path}/-/settings/access_tokens`
    case 'gitea':
      return `${origin}/user/settings/applications`
    case 'bitbucket':
      return parts.host === 'bitbucket.org' ? `${origin}/${path}/admin/access-tokens` : null
    case 'azure':
      return `${origin}/${path.split('/')[0]}/_usersSettings/tokens`
    case 'plain':
      return null
  }
}

function hostOf(address: string): string {
  return addressHost(address)?.replace(/:\d+$/, '') ?? ''
}
