import { parseRepositoryUrl } from './repository-url.ts'
import { isSshAddress, parseSshAddress, sshUrl } from './ssh/ssh-address.ts'

/** A repository's address, checked. */
export interface RepositoryAddress {
  kind: 'http' | 'ssh'
  /** as it is stored and given to git */
  url: string
  /** scheme, host and port: what a credential was entered for */
  origin: string
}

/** Rejects with `git/bad-url`, saying what is wrong. */
export function readAddress(text: string): RepositoryAddress {
  if (!isSshAddress(text)) {
    const url = parseRepositoryUrl(text)
    return { kind: 'http', url: url.href, origin: url.origin }
  }
  const { host, port } = new URL(sshUrl(parseSshAddress(text)))
  return { kind: 'ssh', url: text.trim(), origin: `ssh://${host}${port === '' ? ':22' : ''}` }
}
