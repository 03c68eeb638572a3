import { createHash, createHmac } from 'node:crypto'
import { AppError } from '../../platform/index.ts'
import { parseSshAddress } from './ssh-address.ts'

/** A public key of a host, as known_hosts has it. */
export interface HostKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
  type: string
  /** base64 */
  key: string
  /** `SHA256:…`, as OpenSSH and git hosts show it */
  fingerprint: string
}

const TYPES = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/
const MAX_KEYS = 20

/** A line as it stands there: a marker, whose key it is, the rest. */
interface Line {
  number: number
  /** `@revoked`, `@cert-authority` */
  marker: string | null
  /** null: the line begins with the key's type, so it is of whoever it is given for */
  hosts: string | null
  fields: readonly string[]
}

/**
 * Lines of known_hosts (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT") or of ssh-keyscan, or keys alone. Whose keys they are is
 * not read: they were confirmed. Rejects with `git/bad-host-keys`.
 */
export function parseHostKeys(text: string): HostKey[] {
  return keysOf(linesOf(text))
}

/**
 * Those of the lines that are of the address's host: by name, `[host]:port`, pattern, or hashed; a line without a name is
 * of the host that it is given for. What is there of other hosts is left alone.
 */
export function hostKeysFor(url: string, text: string): HostKey[] {
  const { host, port } = parseSshAddress(url)
  const names = port === 22 ? [host] : [`[${host}]:${port}`, host]
  const lines = linesOf(text)
  const own = lines.filter(({ hosts }) => hosts === null || names.some((name) => isNamed(hosts, name)))
  if (lines.length > 0 && own.length === 0) throw bad(`none of the lines is of ${names[0]}`)
  return keysOf(own)
}

function linesOf(text: string): Line[] {
  const lines: Line[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const fields = line.trim().split(/\s+/)
    if (fields[0] === '' || fields[0]?.startsWith('#')) continue
    const marker = fields[0]?.startsWith('@') ? (fields.shift() ?? '') : null
    const hosts = TYPES.test(fields[0] ?? '') ? null : (fields.shift() ?? '')
    lines.push({ number: index + 1, marker, hosts, fields })
  }
  return lines
}

function keysOf(lines: readonly Line[]): HostKey[] {
  if (lines.length === 0) throw bad('there is no key in it')
  if (lines.length > MAX_KEYS) throw bad(`there are more than ${MAX_KEYS} keys in it`)
  return lines.map(keyOf)
}

function keyOf({ number, marker, fields: [type = '', key = ''] }: Line): HostKey {
  if (marker !== null) throw bad(`line ${number} has the marker ${marker}, which is not read`)
  if (!TYPES.test(type) || !isKeyOf(type, key)) throw bad(`line ${number} is no host key`)
  return { type, key, fingerprint: fingerprintOf(key) }
}

/** Comma-separated patterns with `*`, `?` and `!`, or one hashed name: `|1|salt|HMAC-SHA1`. */
function isNamed(hosts: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(hosts) ?? []
  if (salt !== undefined) return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
  const patterns = hosts.toLowerCase().split(',')
  const fits = (pattern: string) => matchesGlob(pattern, name)
  return patterns.some(fits) && !patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))
}

/** `*` and `?`, in steps that grow with both lengths alone: the pattern is whoever's who pasted it. */
function matchesGlob(pattern: string, name: string): boolean {
  let [at, from, star, retry] = [0, 0, -1, 0]
  while (from < name.length) {
    if (pattern[at] === '*') [star, retry, at] = [at, from, at + 1]
    else if (pattern[at] === '?' || pattern[at] === name[from]) [at, from] = [at + 1, from + 1]
    else if (star >= 0) [at, from, retry] = [star + 1, retry + 1, retry + 1]
    else return false
  }
  return /^\**$/.test(pattern.slice(at))
}

/** One line for each key, for the one name that is asked for. */
export function knownHosts(alias: string, keys: readonly HostKey[]): string {
  return keys.map(({ type, key }) => `${alias} ${type} ${key}\n`).join('')
}

export function formatHostKeys(keys: readonly HostKey[]): string {
  return keys.map(({ type, key }) => `${type} ${key}`).join('\n')
}

function fingerprintOf(key: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`
}

/** The blob is whole, and begins with its own type (RFC 4253, section 6.6). */
function isKeyOf(type: string, key: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key) || key.length > 4000) return false
  const [name, ...parts] = stringsOf(Buffer.from(key, 'base64'))
  return name?.toString('latin1') === type && parts.length > 0
}

/** Each with its length in front (RFC 4251, section 5); none where they do not fill the blob. */
function stringsOf(blob: Buffer): Buffer[] {
  const strings: Buffer[] = []
  let at = 0
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32BE(at)
    if (end > blob.length) return []
    strings.push(blob.subarray(at + 4, end))
    at = end
  }
  return at === blob.length ? strings : []
}

function bad(why: string): AppError {
  const message = `These are no host keys: ${why}. A line looks like: git.example.com ssh-ed25519 AAAAC3Nza…`
  return new AppError({ code: 'git/bad-host-keys', kind: 'invalid', message })
}
