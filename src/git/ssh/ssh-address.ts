import { AppError } from '../../platform/index.ts'

/** Where an SSH repository is: what is connected to, and what is asked for there. */
export interface SshAddress {
  user: string
  host: string
  port: number
  /** as the host gets it: relative to the user's home where it does not begin with / */
  path: string
}

const SCP_LIKE = /^(?:([\w.-]+)@)?([A-Za-z0-9][\w.-]*|\[[\da-fA-F:]+\]):(?!\/\/)(.+)$/
const HOST = /^[A-Za-z0-9][\w.-]*$|^[\da-fA-F:]+$/

export function isSshAddress(text: string): boolean {
  return /^(ssh|git\+ssh):/i.test(text.trim()) || (!text.includes('://') && SCP_LIKE.test(text.trim()))
}

/** `ssh://user@host:port/path`, or `user@host:path` as git hosts show it. Rejects with `git/bad-url`. */
export function parseSshAddress(text: string): SshAddress {
  const trimmed = text.trim()
  const address = trimmed.includes('://') ? ofUrl(trimmed) : ofScp(trimmed)
  if (!HOST.test(address.host)) throw invalid('The address names no host.')
  if (!isPlainPath(address.path)) throw invalid('The address names no repository.')
  return address
}

/** The same address in one form, for git, for people and for comparison. */
export function sshUrl({ user, host, port, path }: SshAddress): string {
  const place = host.includes(':') ? `[${host}]` : host
  return `ssh://${user}@${place}${port === 22 ? '' : `:${port}`}/${path.startsWith('/') ? path.slice(1) : `~/${path}`}`
}

function ofUrl(text: string): SshAddress {
  if (!URL.canParse(text))
    throw invalid('This is not an address. It looks like ssh://git@example.com/team/repository.git')
  const url = new URL(text)
  if (url.password !== '') throw invalid('The address has a password in it; SSH uses a key.')
  const path = decodeURIComponent(url.pathname)
  return {
    user: decodeURIComponent(url.username) || 'git',
    host: url.hostname.replace(/^\[|\]$/g, '').toLowerCase(),
    port: url.port === '' ? 22 : Number(url.port),
    path: path.startsWith('/~/') ? path.slice(3) : path
  }
}

/** On the hosts that show this form, a path relative to home and an absolute one are the same; it is kept as typed. */
function ofScp(text: string): SshAddress {
  const match = SCP_LIKE.exec(text)
  if (match === null) throw invalid('This is not an address. It looks like git@example.com:team/repository.git')
  const [, user = 'git', host = '', path = ''] = match
  return { user, host: host.replace(/^\[|\]$/g, '').toLowerCase(), port: 22, path }
}

/** What reaches the shell of the host is quoted by git; names that only an attack needs are refused all the same. */
function isPlainPath(path: string): boolean {
  return (
    path !== '' &&
    path !== '/' &&
    path.length <= 1000 &&
    !/[\s\\'"`$\u0000-\u001f\u007f]/.test(path) &&
    !path.startsWith('-')
  )
}

function invalid(message: string): AppError {
  return new AppError({ code: 'git/bad-url', kind: 'invalid', message })
}
