import { expect, test } from 'vitest'
import { providerHint, tokenPage } from './provider-hint.ts'

test.each([
  ['https://github.com/team/chaos.git', 'GitHub'],
  ['git@github.com:team/chaos.git', 'GitHub'],
  ['https://GitLab.example.com/team/chaos', 'GitLab'],
  ['ssh://git@gitlab.example.com:2222/team/chaos', 'GitLab'],
  ['https://codeberg.org/team/chaos', 'Gitea or Forgejo'],
  ['https://someone@bitbucket.org/team/chaos', 'Bitbucket'],
  ['https://dev.azure.com/acme/shop/_git/chaos', 'Azure DevOps'],
  ['git@ssh.dev.azure.com:v3/acme/shop/chaos', 'Azure DevOps']
])('%s is at %s', (url, provider) => expect(providerHint(url)?.provider).toBe(provider))

test.each([
  '',
  'https://git.example.com/github.com/x.git',
  'git@example.com:github.com/x.git',
  'https://notgithub.com/x'
])('"%s" gets no hint', (url) => expect(providerHint(url)).toBeNull())

test('keys of repositories push at a Bitbucket of one’s own, and only read at bitbucket.org', () => {
  expect(providerHint('git@bitbucket.org:team/chaos.git')?.key).toContain('only read')
  expect(providerHint('ssh://git@bitbucket.example.com:7999/team/chaos.git')?.key).toContain('Read/Write')
})

test('a host of one’s own is what a person says it is', () => {
  expect(providerHint('https://git.example.com/team/chaos', 'gitlab')?.token).toContain('write_repository')
  expect(providerHint('https://github.com/team/chaos', 'plain')).toBeNull()
})

test.each([
  ['https://github.com/team/chaos.git', 'https://github.com/settings/personal-access-tokens/new'],
  ['https://gitlab.com/a/b/chaos.git', 'https://gitlab.com/a/b/chaos/-/settings/access_tokens'],
  ['https://codeberg.org/team/chaos', 'https://codeberg.org/user/settings/applications'],
  ['https://bitbucket.org/team/chaos', 'https://bitbucket.org/team/chaos/admin/access-tokens'],
  ['https://dev.azure.com/acme/shop/_git/chaos', 'https://dev.azure.com/acme/_usersSettings/tokens'],
  ['https://git.example.com/team/chaos', null],
  ['git@github.com:team/chaos.git', null]
])('tokens for %s are made at %s', (url, page) => expect(tokenPage(url)).toBe(page))
