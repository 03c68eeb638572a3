import { type FaultCatalogue, recogniseProvider, TOKEN_USERS } from '../domain/index.ts'
import { canonicalRepository, type Git, type GitRemote, type Person, parseHostKeys, readAddress } from '../git/index.ts'
import { type Clock, type Logger, type Redactor, type Sealer, Secret } from '../platform/index.ts'
import type { SettingsRow, Store } from '../store/index.ts'
import { networkOf } from './network.ts'

/** What the room works with. */
export interface Desk {
  store: Store
  git: Git
  sealer: Sealer
  catalogue: FaultCatalogue
  clock: Clock
  log: Logger
  redactor: Redactor
  /** of every commit; the author is the person who edited */
  committer: Person
  /** where the webhook of a project's git host knocks */
  hookUrl: (project: string) => string
  /** told of each pass that has ended */
  passEnded: (pass: PassSeen) => void
}

export interface PassSeen {
  outcome: 'ready' | 'withheld' | 'stalled' | 'failed'
  seconds: number
}

/** A project's repository as one pass sees it. */
export interface Place {
  project: string
  settings: SettingsRow
  remote: GitRemote
  /** the bare store: one for each project and repository, so that objects are never looked up across them */
  repo: string
}

export function placeOf(desk: Desk, settings: SettingsRow): Place {
  return {
    project: settings.projectId,
    settings,
    remote: remoteOf(desk, settings),
    repo: `${settings.projectId}\n${canonicalRepository(settings.url)}`
  }
}

/**
 * Secrets are known to the redactor from the moment they are opened, a token and the password of a proxy also
 * as they are sent, with the user name before them: no log and no error shows them.
 */
export function remoteOf(desk: Pick<Desk, 'sealer' | 'redactor'>, settings: SettingsRow): GitRemote {
  const { url, hostKeys } = settings
  const open = (sealed: Buffer | null) => {
    if (sealed === null) return null
    const secret = desk.sealer.open(sealed, sealContext(settings.projectId))
    desk.redactor.track(secret)
    return secret
  }
  if (url === '' || readAddress(url).kind === 'http') return httpRemote(desk.redactor, settings, open)
  const remote = { url, username: '', token: null }
  const privateKey = open(settings.sshKeySealed)
  if (privateKey === null) return remote
  const passphrase = open(settings.sshPassphraseSealed)
  const confirmed = hostKeys === null ? [] : parseHostKeys(hostKeys)
  return { ...remote, ssh: { privateKey, passphrase, hostKeys: confirmed } }
}

type Open = (sealed: Buffer | null) => Secret | null

function httpRemote(redactor: Redactor, settings: SettingsRow, open: Open): GitRemote {
  const { url } = settings
  const username = settings.username || tokenUser(settings)
  const token = open(settings.tokenSealed)
  const network = networkOf(settings, open)
  const logins = [[username, token] as const, [settings.proxyUsername, network.proxy?.password ?? null] as const]
  for (const [user, secret] of logins) if (secret !== null) redactor.track(new Secret(`${user}:${secret.reveal()}`))
  return { url, username, token, ...network }
}

/** As the host wants it that the address, or a person, names. */
function tokenUser({ provider, url }: SettingsRow): string {
  return TOKEN_USERS[provider ?? recogniseProvider(url === '' ? '' : new URL(url).hostname)]
}

/** What a sealed token belongs to: it opens for this project only. */
export function sealContext(project: string): string {
  return `gitops:${project}`
}
