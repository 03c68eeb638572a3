/** What people use to host git; `plain`: any other server of smart HTTP or SSH. */
export const GIT_PROVIDERS = ['github', 'gitlab', 'gitea', 'bitbucket', 'azure', 'plain'] as const
export type GitProvider = (typeof GIT_PROVIDERS)[number]

const HOSTS: readonly (readonly [RegExp, GitProvider])[] = [
  [/(^|\.)github\./, 'github'],
  [/(^|\.)gitlab\./, 'gitlab'],
  [/(^|\.)(gitea|forgejo|codeberg)\./, 'gitea'],
  [/(^|\.)bitbucket\./, 'bitbucket'],
  [/^((ssh\.)?dev\.azure\.com|[^.]+\.visualstudio\.com)$/, 'azure']
]

/** By the name of the host, without its port. A host of one's own often has a name that says nothing: `plain`. */
export function recogniseProvider(host: string): GitProvider {
  return HOSTS.find(([pattern]) => pattern.test(host.toLowerCase()))?.[1] ?? 'plain'
}

/** The user name that goes with an access token, where nobody has given another. */
export const TOKEN_USERS: Readonly<Record<GitProvider, string>> = {
  github: 'x-access-token',
  gitlab: 'oauth2',
  gitea: 'git',
  bitbucket: 'x-token-auth',
  azure: 'git',
  plain: 'git'
}
