import type { FaultCatalogue } from '../domain/index.ts'
import { canonicalRepository, type Git, type GitRemote, type Person, parseHostKeys, readAddress } from '../git/index.ts'
import { type Clock, type Logger, type Redactor, type Sealer, Secret } from '../platform/index.ts'
import type { SettingsRow, Store } from '../store/index.ts'

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

type Credentials = Pick<
  SettingsRow,
  'projectId' | 'url' | 'username' | 'tokenSealed' | 'sshKeySealed' | 'sshPassphraseSealed' | 'hostKeys'
>

/**
 * Secrets are known to the redactor from the moment they are opened, a token also as it is sent, with the user name
 * before it: no log and no error shows them.
 */
export function remoteOf(desk: Pick<Desk, 'sealer' | 'redactor'>, settings: Credentials): GitRemote {
  const { url, username, hostKeys } = settings
  const open = (sealed: Buffer | null) => {
    if (sealed === null) return null
    const secret = desk.sealer.open(sealed, sealContext(settings.projectId))
    desk.redactor.track(secret)
    return secret
  }
  if (url === '' || readAddress(url).kind === 'http') {
    const token = open(settings.tokenSealed)
    if (token !== null) desk.redactor.track(new Secret(`${username}:${token.reveal()}`))
    return { url, username, token }
  }
  const privateKey = open(settings.sshKeySealed)
  if (privateKey === null) return { url, username, token: null }
  const passphrase = open(settings.sshPassphraseSealed)
  const confirmed = hostKeys === null ? [] : parseHostKeys(hostKeys)
  return { url, username, token: null, ssh: { privateKey, passphrase, hostKeys: confirmed } }
}

/** What a sealed token belongs to: it opens for this project only. */
export function sealContext(project: string): string {
  return `gitops:${project}`
}
