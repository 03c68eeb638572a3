import type { Gitops, GitopsBody, HostKeyList } from '../contract/index.ts'
import { formatHostKeys, type HostKey, parseHostKeys, type RepositoryAddress, readAddress } from '../git/index.ts'
import { AppError, Secret } from '../platform/index.ts'
import { type SettingsRow, settingsOf, transaction } from '../store/index.ts'
import { holdProject, resetState, saveSettings } from '../store/sync/write.ts'
import { type Desk, sealContext } from './desk.ts'
import { noSettings } from './no-settings.ts'

interface CredentialCase {
  known: SettingsRow
  body: GitopsBody
  address: RepositoryAddress
}

type CredentialColumns = Pick<
  SettingsRow,
  'tokenSealed' | 'sshKeySealed' | 'sshPassphraseSealed' | 'sshPublicKey' | 'hostKeys'
>

/** What is absent stays; a token and confirmed host keys stay with the host that they were entered for. */
export function mergeCredentials(desk: Desk, { known, body, address }: CredentialCase): CredentialColumns {
  const seal = (text: string) => desk.sealer.seal(new Secret(text), sealContext(known.projectId))
  const sameHost = known.url !== '' && readAddress(known.url).origin === address.origin
  const key = body.privateKey
  return {
    tokenSealed: tokenOf({ known, body, address }, { seal, sameHost }),
    sshKeySealed: key === undefined ? known.sshKeySealed : key === null ? null : seal(key),
    sshPassphraseSealed: key === undefined ? known.sshPassphraseSealed : body.passphrase ? seal(body.passphrase) : null,
    sshPublicKey: key === null ? null : known.sshPublicKey,
    hostKeys: hostKeysOf(body.hostKeys, sameHost ? known.hostKeys : null)
  }
}

/** A stored token goes to the host that it was entered for: whoever may change the address must not read it there. */
function tokenOf(
  { known, body, address }: CredentialCase,
  { seal, sameHost }: { seal: (text: string) => Buffer; sameHost: boolean }
): Buffer | null {
  if (body.token === null || body.token === '') return null
  if (body.token !== undefined) return seal(body.token)
  if (known.tokenSealed === null || sameHost || address.kind === 'ssh') return known.tokenSealed
  const message = `The stored token belongs to ${readAddress(known.url).origin}. Enter a token for ${address.origin}.`
  throw new AppError({ code: 'sync/token-of-another-host', kind: 'invalid', message })
}

function hostKeysOf(given: string | null | undefined, stored: string | null): string | null {
  if (given === undefined) return stored
  return given === null || given.trim() === '' ? null : formatHostKeys(parseHostKeys(given))
}

/** Of a key that is pasted with this body; undefined: none is. Rejects with `git/bad-key`, `git/wrong-passphrase`. */
export async function publicHalf(desk: Desk, body: GitopsBody): Promise<string | undefined> {
  if (body.privateKey === undefined || body.privateKey === null) return undefined
  return desk.git.publicKey(new Secret(body.privateKey), body.passphrase ? new Secret(body.passphrase) : null)
}

/** The private half is sealed where it is made; nobody ever sees it. */
export async function generateKey(desk: Desk, project: string): Promise<void> {
  const { privateKey, publicKey } = await desk.git.generateKey(`faultline ${project}`)
  const sshKeySealed = desk.sealer.seal(privateKey, sealContext(project))
  await transaction(desk.store.db, async (tx) => {
    await holdProject(tx, project, null)
    const before = await settingsOf(tx, project)
    const known = before ?? noSettings(desk, project)
    const change = { sshKeySealed, sshPassphraseSealed: null, sshPublicKey: publicKey, epoch: known.epoch + 1 }
    await saveSettings(tx, { ...known, ...change, updatedAt: desk.clock.now() })
    if (before === undefined) await resetState(tx, project)
  })
}

export async function scanHost(desk: Desk, url: string): Promise<HostKeyList> {
  return { keys: (await desk.git.hostKeys(url)).map(hostKeyView) }
}

export function hostKeyViews(stored: string | null): Gitops['hostKeys'] {
  return stored === null ? [] : parseHostKeys(stored).map(hostKeyView)
}

function hostKeyView(key: HostKey): HostKeyList['keys'][number] {
  return { type: key.type, fingerprint: key.fingerprint, line: formatHostKeys([key]) }
}
