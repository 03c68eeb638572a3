import { expect, test } from 'vitest'
import { providerHint } from './provider-hint.ts'

test.each([
  ['https://github.com/team/chaos.git', 'GitHub'],
  ['https://GitLab.example.com/team/chaos', 'GitLab'],
  ['https://codeberg.org/team/chaos', 'Gitea or Forgejo'],
  ['https://someone@bitbucket.org/team/chaos', 'Bitbucket']
])('%s is at %s', (url, provider) => expect(providerHint(url)?.provider).toBe(provider))

test.each(['', 'https://git.example.com/github.com/x.git', 'git@github.com:team/chaos.git', 'https://notgithub.com/x'])(
  '"%s" gets no hint',
  (url) => expect(providerHint(url)).toBeNull()
)
