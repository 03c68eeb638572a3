import { expect, test } from 'vitest'
import type { Gitops } from '../../../contract/index.ts'
import {
  bodyOf,
  confirmedKeys,
  isMismatch,
  type TypedSettings,
  typedOf,
  withConfirmed,
  withoutSecrets
} from './typed-settings.ts'

const key = (name: string) => ({ type: 'ssh-ed25519', fingerprint: `SHA256:${name}`, line: `ssh-ed25519 ${name}` })
const ssh = 'git@git.example.com:team/chaos.git'
const https = 'https://git.example.com/team/chaos.git'

function typed(changes: Partial<TypedSettings>): TypedSettings {
  const stored = { url: '', branch: 'main', path: 'litmus/shop', username: '', pollSeconds: 30 } as Gitops
  return { ...typedOf(stored), ...changes }
}

test('the credential follows the address, and what does not go with it is not sent', () => {
  const both = { token: 'secret', username: 'bot', ownKey: true, privateKey: 'KEY', passphrase: 'words' }
  expect(bodyOf(typed({ url: https, ...both }))).toMatchObject({ token: 'secret', username: 'bot' })
  expect(bodyOf(typed({ url: https, ...both }))).not.toHaveProperty('privateKey')
  expect(bodyOf(typed({ url: ssh, ...both }))).toMatchObject({ privateKey: 'KEY', passphrase: 'words' })
  expect(bodyOf(typed({ url: ssh, ...both }))).not.toHaveProperty('token')
})

test('a key that was pasted and then given up for the one of the server is not sent', () => {
  expect(bodyOf(typed({ url: ssh, ownKey: false, privateKey: 'KEY' }))).not.toHaveProperty('privateKey')
})

test('nothing typed keeps what is stored', () => {
  const body = bodyOf(typed({ url: ssh }))
  for (const name of ['token', 'privateKey', 'passphrase', 'hostKeys']) expect(body).not.toHaveProperty(name)
})

test('an address of the other kind than the credential that was asked for is a mismatch', () => {
  expect(isMismatch(typed({ url: https, wanted: 'ssh' }))).toBe(true)
  expect(isMismatch(typed({ url: ssh, wanted: 'https' }))).toBe(true)
  expect(isMismatch(typed({ url: ssh, wanted: null }))).toBe(false)
  expect(isMismatch(typed({ url: '', wanted: 'ssh' }))).toBe(false)
})

test('host keys are of one host: another address does not take them along', () => {
  const stored = { url: ssh, hostKeys: [key('old')] }
  const confirmed = { host: 'git.example.com', keys: [key('new')] }
  expect(confirmedKeys(typed({ url: ssh }), stored)).toEqual([key('old')])
  expect(confirmedKeys(typed({ url: ssh, confirmed }), stored)).toEqual([key('new')])
  const elsewhere = typed({ url: 'git@other.example.com:x/y.git', confirmed })
  expect(confirmedKeys(elsewhere, stored)).toEqual([])
  expect(bodyOf(elsewhere)).not.toHaveProperty('hostKeys')
})

test('confirmed and pasted host keys are sent together, and forgotten once they are saved', () => {
  const confirmed = { host: 'git.example.com', keys: [key('one')] }
  const both = typed({ url: ssh, confirmed, knownHosts: ' git.example.com ssh-rsa AAAA \n' })
  expect(bodyOf(both).hostKeys).toBe('ssh-ed25519 one\ngit.example.com ssh-rsa AAAA')
  expect(bodyOf(withoutSecrets(both))).not.toHaveProperty('hostKeys')
})

test('confirming a key drops what the host does not show any more', () => {
  const shown = [key('new'), key('other')]
  expect(withConfirmed([key('old'), key('other')], key('new'), shown)).toEqual([key('other'), key('new')])
})
