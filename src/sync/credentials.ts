import type { Gitops, GitopsBody, HostKeyList } from '../contract/index.ts'
import {
  formatHostKeys,
  type HostKey,
  hostKeysFor,
  parseHostKeys,
  type RepositoryAddress,
  readAddress
} from '../git/index.ts'
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

/** Seals what belongs to this project. */
export function sealerOf({ sealer }: Desk, project: string): (text: string) => Buffer {
  return (text) => sealer.seal(new Secret(text), sealContext(project))
}

/** What is absent stays; a token and confirmed host keys stay with the host that they were entered for. */
export function mergeCredentials(desk: Desk, { known, body, address }: CredentialCase): CredentialColumns {
  const seal = sealerOf(desk, known.projectId)
  const sameHost = known.url !== '' && readAddress(known.url).origin === address.origin
  const key = body.privateKey
  return {
    tokenSealed: tokenOf({ known, body, address }, { seal, sameHost }),
    sshKeySealed: key === undefined ? known.sshKeySealed : key === null ? null : seal(key),
    sshPassphraseSealed: key === undefined ? known.sshPassphraseSealed : body.passphrase ? seal(body.passphrase) : null,
    sshPublicKey: key === null ? null : known.sshPublicKey,
    hostKeys: hostKeysOf({ body, address }, sameHost ? known.hostKeys : null)
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

/** Lines that name hosts count for the host of the address alone. */
function hostKeysOf({ body, address }: Pick<CredentialCase, 'body' | 'address'>, stored: string | null): string | null {
  const { hostKeys } = body
  if (hostKeys === undefined) return stored
  if (hostKeys === null || hostKeys.trim() === '') return null
  return formatHostKeys(address.kind === 'ssh' ? hostKeysFor(address.url, hostKeys) : parseHostKeys(hostKeys))
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
