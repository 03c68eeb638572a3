import { type RepositoryParts, repositoryParts } from '../../../domain/index.ts'

/** Which credential an address goes with: an access token with https, a key with SSH. */
export type AddressKind = RepositoryParts['kind']

/** null: it is neither, or not whole yet. */
export function addressKind(text: string): AddressKind | null {
  return repositoryParts(text)?.kind ?? null
}

/** Host and port: whose credential, and whose host keys, they are. */
export function addressHost(text: string): string | null {
  const parts = repositoryParts(text)
  return parts === null ? null : parts.host + (parts.port === '' ? '' : `:${parts.port}`)
}

/** The https address without the user that some hosts put into it (`https://me@dev.azure.com/…`); null: there is none. */
export function withoutUser(text: string): { url: string; user: string } | null {
  const [, scheme, user, rest] = /^(https?:\/\/)([^@/:\s]+)@([^@\s]+)$/i.exec(text.trim()) ?? []
  return scheme === undefined || user === undefined || rest === undefined ? null : { url: scheme + rest, user }
}

/** The same repository by the other way, as most git hosts have it; null: it cannot be said. */
export function convertedAddress(text: string, to: AddressKind): string | null {
  const parts = repositoryParts(text)
  if (parts === null || parts.kind === to) return null
  return to === 'ssh' ? asSsh(parts) : asHttps(parts)
}

const AZURE_WEB = /^([^/]+)\/([^/]+)\/_git\/([^/]+)$/
const AZURE_SSH = /^v3\/([^/]+)\/([^/]+)\/([^/]+)$/

function asSsh({ host, path }: RepositoryParts): string {
  const azure = host === 'dev.azure.com' ? AZURE_WEB.exec(path) : null
  if (azure !== null) return `git@ssh.dev.azure.com:v3/${azure.slice(1).join('/')}`
  return `git@${host}:${path}`
}

function asHttps({ host, path }: RepositoryParts): string | null {
  const azure = host === 'ssh.dev.azure.com' ? AZURE_SSH.exec(path) : null
  if (azure !== null) return `https://dev.azure.com/${azure[1]}/${azure[2]}/_git/${azure[3]}`
  return path.startsWith('~') ? null : `https://${host}/${path}`
}
