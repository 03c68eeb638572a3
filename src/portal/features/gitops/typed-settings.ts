import type { UseFormReturnType } from '@mantine/form'
import type { Gitops, GitopsBody } from '../../../contract/index.ts'
import type { GitProvider } from '../../../domain/index.ts'
import { type AddressKind, addressHost, addressKind } from './repository-address.ts'

export type HostKey = Gitops['hostKeys'][number]

/** Places of the page that a status or a failed step of a test leads to. */
export const HOST_KEY_PLACE = 'host-key'
export const NETWORK_PLACE = 'network'
export type Place = typeof HOST_KEY_PLACE | typeof NETWORK_PLACE

/** The GitOps form as one types it. What is empty and write-only keeps what is stored. */
export interface TypedSettings {
  url: string
  branch: string
  path: string
  pollSeconds: number
  /** what hosts the repository; null: recognised by the address */
  provider: GitProvider | null
  /** which credential was asked for; null: the one that the address goes with */
  wanted: AddressKind | null
  username: string
  token: string
  /** a key of one's own instead of one that the server makes */
  ownKey: boolean
  privateKey: string
  passphrase: string
  /** host keys that were confirmed by a click, and of which host; null: those that are stored */
  confirmed: { host: string; keys: readonly HostKey[] } | null
  /** pasted lines of known_hosts */
  knownHosts: string
  /** pasted authorities for the https host, PEM; empty: as stored */
  ca: string
  /** the stored authorities go, and the usual ones count again */
  dropCa: boolean
  /** empty: the server's own, or none */
  proxyUrl: string
  proxyUsername: string
  proxyPassword: string
}

export type SettingsForm = UseFormReturnType<TypedSettings>

const WRITE_ONLY = {
  token: '',
  privateKey: '',
  passphrase: '',
  confirmed: null,
  knownHosts: '',
  ca: '',
  dropCa: false,
  proxyPassword: ''
}

export function typedOf({ url, branch, path, username, pollSeconds, provider, proxy }: Gitops): TypedSettings {
  return {
    url,
    branch: branch || 'main',
    path,
    username,
    pollSeconds: pollSeconds || 30,
    provider,
    proxyUrl: proxy?.url ?? '',
    proxyUsername: proxy?.username ?? '',
    wanted: null,
    ownKey: false,
    ...WRITE_ONLY
  }
}

/** Once it is saved: the server has the secrets, and shows the host keys. */
export function withoutSecrets(typed: TypedSettings): TypedSettings {
  return { ...typed, ...WRITE_ONLY }
}

export function credentialKind({ url, wanted }: TypedSettings): AddressKind {
  return wanted ?? addressKind(url) ?? 'https'
}

/** The address goes with the other credential than the one that was asked for. */
export function isMismatch(typed: TypedSettings): boolean {
  const kind = addressKind(typed.url)
  return kind !== null && kind !== credentialKind(typed)
}

export function bodyOf(typed: TypedSettings): GitopsBody {
  const { url, branch, path, pollSeconds, provider } = typed
  return {
    url: url.trim(),
    branch: branch.trim(),
    path: path.trim().replace(/^\/+|\/+$/g, ''),
    pollSeconds,
    provider,
    ...(credentialKind(typed) === 'https' ? { ...tokenPart(typed), ...networkPart(typed) } : keyPart(typed))
  }
}

/** Another repository, branch or folder is typed than the one that is stored. */
export function isElsewhere(typed: TypedSettings, stored: Pick<Gitops, 'url' | 'branch' | 'path'>): boolean {
  const { url, branch, path } = bodyOf(typed)
  return url !== stored.url || branch !== stored.branch || path !== stored.path
}

function tokenPart({ username, token }: TypedSettings): Partial<GitopsBody> {
  return { username: username.trim(), ...(token !== '' && { token }) }
}

function networkPart({ ca, dropCa, proxyUrl, proxyUsername, proxyPassword }: TypedSettings): Partial<GitopsBody> {
  const authorities = ca.trim() === '' ? (dropCa ? { ca: null } : {}) : { ca }
  const url = proxyUrl.trim()
  if (url === '') return { ...authorities, proxy: null }
  const password = proxyPassword === '' ? {} : { password: proxyPassword }
  return { ...authorities, proxy: { url, username: proxyUsername.trim(), ...password } }
}

function keyPart(typed: TypedSettings): Partial<GitopsBody> {
  const { ownKey, privateKey, passphrase } = typed
  const hostKeys = hostKeyLines(typed)
  return {
    ...(ownKey && privateKey.trim() !== '' && { privateKey, ...(passphrase !== '' && { passphrase }) }),
    ...(hostKeys !== '' && { hostKeys })
  }
}

function hostKeyLines(typed: TypedSettings): string {
  const clicked = confirmedHere(typed) ?? []
  return [...clicked.map(({ line }) => line), typed.knownHosts.trim()].filter(Boolean).join('\n')
}

function confirmedHere({ url, confirmed }: TypedSettings): readonly HostKey[] | null {
  return confirmed !== null && confirmed.host === addressHost(url) ? confirmed.keys : null
}

/** Of the host of the typed address: confirmed just now, or stored. */
export function confirmedKeys(typed: TypedSettings, stored: Pick<Gitops, 'url' | 'hostKeys'>): readonly HostKey[] {
  return confirmedHere(typed) ?? (addressHost(typed.url) === addressHost(stored.url) ? stored.hostKeys : [])
}

/** One more is trusted; of those before it stay what the host still shows. */
export function withConfirmed(before: readonly HostKey[], key: HostKey, shown: readonly HostKey[]): readonly HostKey[] {
  const still = before.filter(({ line }) => line !== key.line && shown.some((one) => one.line === line))
  return [...still, key]
}

export const SETTINGS_RULES = {
  url: (url: string, typed: TypedSettings): string | null => {
    if (addressKind(url) === null)
      return 'Use the address that you clone from: https://git.example.com/team/chaos.git or git@git.example.com:team/chaos.git.'
    return isMismatch(typed) ? 'Address and credential do not go together; see below.' : null
  },
  proxyUrl: (proxy: string): string | null =>
    proxy.trim() === '' || /^https?:\/\/(\[[\da-f:]+\]|[\w.-]+)(:\d+)?\/?$/i.test(proxy.trim())
      ? null
      : 'It looks like http://proxy.example.com:3128, with user name and password in their own fields.',
  branch: (branch: string): string | null => (branch.trim() === '' ? 'Name the branch, for example main.' : null),
  path: (path: string): string | null => (path.trim() === '' ? 'Name the folder, for example litmus/shop.' : null)
}
