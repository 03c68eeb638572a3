import { createHash } from 'node:crypto'
import { AppError } from '../../platform/index.ts'

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

/**
 * Lines of known_hosts (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT") or of ssh-keyscan. Whose keys they are is not read: a
 * person says that they are of this repository's host. Rejects with `git/bad-host-keys`.
 */
export function parseHostKeys(text: string): HostKey[] {
  const keys: HostKey[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const fields = line.trim().split(/\s+/)
    if (fields[0] === '' || fields[0]?.startsWith('#')) continue
    if (fields[0]?.startsWith('@')) throw bad(`line ${index + 1} has the marker ${fields[0]}, which is not read`)
    const at = fields.findIndex((field) => TYPES.test(field))
    const [type, key] = [fields[at], fields[at + 1]]
    if (at < 0 || at > 1 || type === undefined || key === undefined || !isKeyOf(type, key))
      throw bad(`line ${index + 1} is no host key`)
    keys.push({ type, key, fingerprint: fingerprintOf(key) })
  }
  if (keys.length === 0) throw bad('there is no key in it')
  if (keys.length > MAX_KEYS) throw bad(`there are more than ${MAX_KEYS} keys in it`)
  return keys
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

/** The blob begins with its own type (RFC 4253, section 6.6). */
function isKeyOf(type: string, key: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key) || key.length > 4000) return false
  const blob = Buffer.from(key, 'base64')
  return blob.length > 4 && blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1') === type
}

function bad(why: string): AppError {
  const message = `These are no host keys: ${why}. A line looks like: git.example.com ssh-ed25519 AAAAC3Nza…`
  return new AppError({ code: 'git/bad-host-keys', kind: 'invalid', message })
}
