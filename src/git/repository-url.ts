import { AppError } from '../platform/index.ts'
import { isSshAddress, parseSshAddress, type SshAddress } from './ssh/ssh-address.ts'

/** A repository's address as typed: https, or http where the egress guard lets it; no user, query or fragment. */
export function parseRepositoryUrl(text: string): URL {
  const trimmed = text.trim()
  if (isSshAddress(trimmed))
    throw invalid('This is an SSH address; it goes with an SSH key. Use the https address with an access token.')
  if (!URL.canParse(trimmed))
    throw invalid('This is not an address. It looks like https://git.example.com/team/repository.git')
  const url = new URL(trimmed)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw invalid(`The address begins with ${url.protocol}//; use https://`)
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      'The address has a user or a token in it. Give them in their own fields: an address is shown and logged.'
    )
  }
  if (url.search !== '' || url.hash !== '')
    throw invalid('The address has a query or a fragment; remove what follows ? or #.')
  if (url.pathname === '/' || !isPlainPath(url.pathname)) throw invalid('The address names no repository.')
  return url
}

function isPlainPath(path: string): boolean {
  try {
    return !/[\s\\\u0000-\u001f]/.test(decodeURIComponent(path))
  } catch {
    return false
  }
}

/** Equal for addresses of the same repository: case of the host, `.git`, slashes at the end. */
export function canonicalRepository(text: string): string {
  if (isSshAddress(text)) return canonicalSsh(parseSshAddress(text))
  const url = parseRepositoryUrl(text)
  const path = url.pathname.replace(/\/+$/, '').replace(/\.git$/, '')
  return `${url.protocol}//${url.host.toLowerCase()}${path.toLowerCase()}`
}

function canonicalSsh({ host, port, path }: SshAddress): string {
  const plain = path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '')
  return `ssh://${host}:${port}/${plain.toLowerCase()}`
}

/** git's rules for a branch name (git-check-ref-format), and no leading dash. */
export function requireBranch(branch: string): string {
  const bad = /(^[-/.])|(\.\.)|(@\{)|[\s~^:?*[\\\u0000-\u001f\u007f]|(\/\/)|(\/\.)|(\.lock(\/|$))|([/.]$)/
  if (branch.length > 0 && branch.length <= 250 && branch !== '@' && !bad.test(branch)) return branch
  throw new AppError({
    code: 'git/bad-branch',
    kind: 'invalid',
    message: `"${branch}" is not a name that git allows for a branch.`
  })
}

function invalid(message: string): AppError {
  return new AppError({ code: 'git/bad-url', kind: 'invalid', message })
}
