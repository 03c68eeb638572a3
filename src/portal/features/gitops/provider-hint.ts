interface ProviderHint {
  provider: string
  username: string
  /** which token to make, and where */
  token: string
}

const HINTS: readonly (ProviderHint & { host: RegExp })[] = [
  {
    host: /(^|\.)github\./,
    provider: 'GitHub',
    username: 'x-access-token',
    token: 'Settings → Developer settings → Fine-grained tokens: this repository, Contents read and write.'
  },
  {
    host: /(^|\.)gitlab\./,
    provider: 'GitLab',
    username: 'oauth2',
    token: 'Project → Settings → Access tokens: role Developer or higher, scope write_repository.'
  },
  {
    host: /(^|\.)bitbucket\./,
    provider: 'Bitbucket',
    username: 'x-token-auth',
    token: 'Repository settings → Access tokens: Repositories read and write.'
  },
  {
    host: /(^|\.)(gitea|forgejo|codeberg)\./,
    provider: 'Gitea or Forgejo',
    username: 'git',
    token: 'Settings → Applications: a token with write access to repositories.'
  }
]

/** What the host of the URL is known for; null where it is not known. */
export function providerHint(url: string): ProviderHint | null {
  const host = /^https?:\/\/(?:[^@/]*@)?([^/:]+)/i.exec(url.trim())?.[1]?.toLowerCase()
  if (host === undefined) return null
  return HINTS.find((hint) => hint.host.test(host)) ?? null
}
