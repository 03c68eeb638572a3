import { addressHost } from './repository-address.ts'

interface ProviderHint {
  provider: string
  /** what goes with an access token */
  username: string
  /** which token to make, and where */
  token: string
  /** where the public half of an SSH key is pasted, so that it may push */
  key: string
}

const HINTS: readonly (ProviderHint & { host: RegExp })[] = [
  {
    host: /(^|\.)github\./,
    provider: 'GitHub',
    username: 'x-access-token',
    token: 'Settings → Developer settings → Fine-grained tokens: this repository, Contents read and write.',
    key: 'Repository → Settings → Deploy keys → Add deploy key, with “Allow write access” ticked.'
  },
  {
    host: /(^|\.)gitlab\./,
    provider: 'GitLab',
    username: 'oauth2',
    token: 'Project → Settings → Access tokens: role Developer or higher, scope write_repository.',
    key: 'Project → Settings → Repository → Deploy keys, with “Grant write permissions to this key” ticked.'
  },
  {
    host: /^(?:[^.]+\.)?bitbucket\.org$/,
    provider: 'Bitbucket',
    username: 'x-token-auth',
    token: 'Repository settings → Access tokens: Repositories read and write.',
    key: 'Access keys of a repository only read there. To push: Personal Bitbucket settings → SSH keys, of an account that may write.'
  },
  {
    host: /(^|\.)bitbucket\./,
    provider: 'Bitbucket',
    username: 'x-token-auth',
    token: 'Repository settings → HTTP access tokens: Repository write.',
    key: 'Repository settings → Access keys → Add key, with permission “Read/Write”.'
  },
  {
    host: /(^|\.)(gitea|forgejo|codeberg)\./,
    provider: 'Gitea or Forgejo',
    username: 'git',
    token: 'Settings → Applications: a token with write access to repositories.',
    key: 'Repository → Settings → Deploy keys → Add deploy key, with “Enable write access” ticked.'
  },
  {
    host: /^((ssh\.)?dev\.azure\.com|[^.]+\.visualstudio\.com)$/,
    provider: 'Azure DevOps',
    username: 'git',
    token: 'User settings → Personal access tokens: scope Code, read and write.',
    key: 'User settings → SSH public keys. RSA keys alone are taken there: use a key of your own.'
  }
]

/** What the host of the address is known for; null where it is not known. */
export function providerHint(address: string): ProviderHint | null {
  const host = addressHost(address)?.replace(/:\d+$/, '')
  if (host === undefined) return null
  return HINTS.find((hint) => hint.host.test(host)) ?? null
}
