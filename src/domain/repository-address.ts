/** What an address of a repository says, in any of the forms that people copy. */
export interface RepositoryParts {
  kind: 'https' | 'ssh'
  /** of the web address; SSH addresses name none: https */
  scheme: 'http' | 'https'
  host: string
  /** empty: the usual one */
  port: string
  /** without slashes at its ends */
  path: string
}

const WEB = /^(https?):\/\/(?:[^@/\s]*@)?(\[[\da-f:]+\]|[\w.-]+)(?::(\d+))?\/+(\S+)$/i
const SSH_URL = /^(?:git\+)?ssh:\/\/(?:[^@/\s]*@)?(\[[\da-f:]+\]|[\w.-]+)(?::(\d+))?\/+(\S+)$/i
const SSH_SHORT = /^(?:[\w.-]+@)?(\[[\da-f:]+\]|[a-z0-9][\w.-]*):(?!\/\/)(\S+)$/i

/** `https://host/path`, `ssh://user@host:port/path` or `user@host:path`; null: it is none of them, or not whole yet. */
export function repositoryParts(text: string): RepositoryParts | null {
  const address = text.trim()
  const web = WEB.exec(address)
  if (web !== null) {
    const scheme = web[1]?.toLowerCase() === 'http' ? 'http' : 'https'
    return parts('https', scheme, [web[2], web[3], web[4]])
  }
  const url = SSH_URL.exec(address)
  if (url !== null) return parts('ssh', 'https', [url[1], url[2] === '22' ? '' : url[2], url[3]])
  const short = address.includes('://') ? null : SSH_SHORT.exec(address)
  return short === null ? null : parts('ssh', 'https', [short[1], '', short[2]])
}

function parts(
  kind: RepositoryParts['kind'],
  scheme: RepositoryParts['scheme'],
  [host = '', port = '', path = '']: (string | undefined)[]
): RepositoryParts | null {
  const plain = path.replace(/^\/+|\/+$/g, '')
  return plain === '' ? null : { kind, scheme, host: host.toLowerCase(), port, path: plain }
}
