import type { Gitops, GitopsBody } from '../contract/index.ts'
import { type HttpProxy, parseAuthorities, parseProxy, plainAuthorities, requireCurrent } from '../outbound/index.ts'
import { AppError, type Secret } from '../platform/index.ts'
import type { SettingsRow } from '../store/index.ts'

type NetworkColumns = Pick<SettingsRow, 'ca' | 'proxyUrl' | 'proxyUsername' | 'proxyPasswordSealed'>
type ProxyColumns = Omit<NetworkColumns, 'ca'>
type Seal = (text: string) => Buffer

/** How the git host is reached over https; what is absent stays. */
export function mergeNetwork(
  { known, body, now }: { known: SettingsRow; body: GitopsBody; now: Date },
  seal: Seal
): NetworkColumns {
  return { ca: caOf(known, body, now), ...proxyOf(known, body, seal) }
}

function caOf(known: SettingsRow, { ca }: GitopsBody, now: Date): string | null {
  if (ca === undefined) return known.ca
  if (ca === null || ca.trim() === '') return null
  requireCurrent(parseAuthorities(ca), now)
  return plainAuthorities(ca)
}

function proxyOf(known: SettingsRow, { proxy }: GitopsBody, seal: Seal): ProxyColumns {
  if (proxy === undefined) {
    const { proxyUrl, proxyUsername, proxyPasswordSealed } = known
    return { proxyUrl, proxyUsername, proxyPasswordSealed }
  }
  if (proxy === null) return { proxyUrl: null, proxyUsername: '', proxyPasswordSealed: null }
  const given = parseProxy(proxy.url)
  if (given.username !== '' || given.password !== null) throw loginInAddress()
  const { origin } = given.url
  const username = proxy.username ?? (known.proxyUrl === origin ? known.proxyUsername : '')
  const proxyPasswordSealed = passwordOf({ known, given: proxy.password, origin, username }, seal)
  return { proxyUrl: origin, proxyUsername: username, proxyPasswordSealed }
}

interface PasswordCase {
  known: SettingsRow
  given: string | null | undefined
  origin: string
  username: string
}

/** A stored password goes to the proxy that it was entered for, with its user; else it is forgotten. */
function passwordOf({ known, given, origin, username }: PasswordCase, seal: Seal): Buffer | null {
  if (given === null || given === '') return null
  if (given !== undefined) return seal(given)
  return known.proxyUrl === origin && known.proxyUsername === username ? known.proxyPasswordSealed : null
}

function loginInAddress(): AppError {
  const message =
    'The address of the proxy has a user or a password in it. Give them in their own fields: an address is shown and logged.'
  return new AppError({ code: 'sync/login-in-proxy', kind: 'invalid', message })
}

/** As a request takes it; `open` makes the password known to the redactor. */
export function networkOf(
  { ca, proxyUrl, proxyUsername, proxyPasswordSealed }: NetworkColumns,
  open: (sealed: Buffer | null) => Secret | null
): { ca: string | null; proxy: HttpProxy | null } {
  if (proxyUrl === null) return { ca, proxy: null }
  return { ca, proxy: { url: new URL(proxyUrl), username: proxyUsername, password: open(proxyPasswordSealed) } }
}

export function networkView(row: SettingsRow | undefined): Pick<Gitops, 'ca' | 'proxy'> {
  if (row === undefined) return { ca: [], proxy: null }
  const authorities = row.ca === null ? [] : parseAuthorities(row.ca)
  const { proxyUrl, proxyUsername, proxyPasswordSealed } = row
  return {
    ca: authorities.map(({ expiresAt, ...rest }) => ({ ...rest, expiresAt: expiresAt.toISOString() })),
    proxy:
      proxyUrl === null ? null : { url: proxyUrl, username: proxyUsername, hasPassword: proxyPasswordSealed !== null }
  }
}
