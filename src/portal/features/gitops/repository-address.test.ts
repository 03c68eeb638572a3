import { expect, test } from 'vitest'
import { addressHost, addressKind, convertedAddress, withoutUser } from './repository-address.ts'

test.each([
  ['https://github.com/team/chaos.git', 'git@github.com:team/chaos.git'],
  ['https://git.example.com/a/b/c', 'git@git.example.com:a/b/c'],
  ['https://dev.azure.com/acme/shop/_git/chaos', 'git@ssh.dev.azure.com:v3/acme/shop/chaos']
])('%s and %s are one repository', (https, ssh) => {
  expect(convertedAddress(https, 'ssh')).toBe(ssh)
  expect(convertedAddress(ssh, 'https')).toBe(https)
})

test('what only one side has is left out: user, port, slashes at the end', () => {
  expect(convertedAddress('https://someone@GitHub.com:8443/team/chaos/', 'ssh')).toBe('git@github.com:team/chaos')
  expect(convertedAddress('ssh://git@git.example.com:7999/team/chaos.git', 'https')).toBe(
    'https://git.example.com/team/chaos.git'
  )
  expect(convertedAddress(' git@github.com:/team/chaos.git ', 'https')).toBe('https://github.com/team/chaos.git')
})

test('an address of that kind already, a home folder, and what is no address are not converted', () => {
  expect(convertedAddress('git@github.com:team/chaos.git', 'ssh')).toBeNull()
  expect(convertedAddress('https://github.com/team/chaos.git', 'https')).toBeNull()
  expect(convertedAddress('ssh://me@git.example.com/~/chaos.git', 'https')).toBeNull()
  expect(convertedAddress('github', 'ssh')).toBeNull()
})

test.each([
  ['https://github.com/team/chaos.git', 'https', 'github.com'],
  ['http://127.0.0.1:3000/team/chaos', 'https', '127.0.0.1:3000'],
  ['git@github.com:team/chaos.git', 'ssh', 'github.com'],
  ['github.com:team/chaos.git', 'ssh', 'github.com'],
  ['ssh://git@git.example.com:22/team/chaos', 'ssh', 'git.example.com'],
  ['ssh://git@git.example.com:2222/team/chaos', 'ssh', 'git.example.com:2222'],
  ['ssh://git@[::1]:2222/chaos', 'ssh', '[::1]:2222'],
  ['https://github.com/', null, null],
  ['https://', null, null],
  ['ftp://github.com/x', null, null],
  ['', null, null]
])('"%s" is of kind %s, at %s', (text, kind, host) => {
  expect(addressKind(text)).toBe(kind)
  expect(addressHost(text)).toBe(host)
})

test.each([
  ['https://me@dev.azure.com/acme/shop/_git/chaos', 'https://dev.azure.com/acme/shop/_git/chaos', 'me'],
  [' https://some-one@bitbucket.org/team/chaos.git', 'https://bitbucket.org/team/chaos.git', 'some-one']
])('the user in %s is taken out', (text, url, user) => expect(withoutUser(text)).toEqual({ url, user }))

test.each(['https://github.com/team/chaos', 'https://me:token@github.com/team/chaos', 'git@github.com:team/chaos'])(
  'there is no user alone in %s',
  (text) => expect(withoutUser(text)).toBeNull()
)
