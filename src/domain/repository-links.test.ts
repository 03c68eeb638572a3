import { describe, expect, it } from 'vitest'
import type { GitProvider } from './git-provider.ts'
import { repositoryLinks } from './repository-links.ts'

const commit = '0123456789abcdef0123456789abcdef01234567'
const path = 'litmus/shop/my cart.yaml'

function links(url: string, provider: GitProvider | null = null) {
  const found = repositoryLinks({ url, provider })
  return (
    found && {
      commit: found.commit(commit),
      file: found.file({ path, commit }),
      line: found.file({ path, commit, line: 7 })
    }
  )
}

describe('pages of the git host', () => {
  it.each([
    'https://github.com/team/chaos.git',
    'git@github.com:team/chaos.git',
    'ssh://git@ssh.github.com:443/team/chaos.git'
  ])('GitHub: %s', (url) => {
    expect(links(url)).toEqual({
      commit: `https://github.com/team/chaos/commit/${commit}`,
      file: `https://github.com/team/chaos/blob/${commit}/litmus/shop/my%20cart.yaml`,
      line: `https://github.com/team/chaos/blob/${commit}/litmus/shop/my%20cart.yaml#L7`
    })
  })

  it('GitLab, groups within groups, on a host and port of its own', () => {
    expect(links('https://git.example.com:8443/a/b/chaos.git/', 'gitlab')).toEqual({
      commit: `https://git.example.com:8443/a/b/chaos/-/commit/${commit}`,
      file: `https://git.example.com:8443/a/b/chaos/-/blob/${commit}/litmus/shop/my%20cart.yaml`,
      line: `https://git.example.com:8443/a/b/chaos/-/blob/${commit}/litmus/shop/my%20cart.yaml#L7`
    })
  })

  it('Gitea and Forgejo, also without TLS; the port of SSH is not that of the web', () => {
    expect(links('http://git.example.com:3000/team/chaos', 'gitea')?.line).toBe(
      `http://git.example.com:3000/team/chaos/src/commit/${commit}/litmus/shop/my%20cart.yaml#L7`
    )
    expect(links('ssh://git@codeberg.org:2222/team/chaos.git')?.commit).toBe(
      `https://codeberg.org/team/chaos/commit/${commit}`
    )
  })

  it('bitbucket.org', () => {
    expect(links('git@bitbucket.org:team/chaos.git')).toEqual({
      commit: `https://bitbucket.org/team/chaos/commits/${commit}`,
      file: `https://bitbucket.org/team/chaos/src/${commit}/litmus/shop/my%20cart.yaml`,
      line: `https://bitbucket.org/team/chaos/src/${commit}/litmus/shop/my%20cart.yaml#lines-7`
    })
  })

  it.each([
    ['https://bitbucket.example.com/scm/OPS/chaos.git', 'bitbucket.example.com/projects/OPS'],
    ['https://bitbucket.example.com/tools/scm/OPS/chaos.git', 'bitbucket.example.com/tools/projects/OPS'],
    ['https://bitbucket.example.com/scm/~dana/chaos.git', 'bitbucket.example.com/users/dana'],
    ['ssh://git@bitbucket.example.com:7999/ops/chaos.git', 'bitbucket.example.com/projects/ops']
  ])('Bitbucket Data Center: %s', (url, home) => {
    expect(links(url)).toEqual({
      commit: `https://${home}/repos/chaos/commits/${commit}`,
      file: `https://${home}/repos/chaos/browse/litmus/shop/my%20cart.yaml?at=${commit}`,
      line: `https://${home}/repos/chaos/browse/litmus/shop/my%20cart.yaml?at=${commit}#7`
    })
  })

  it.each([
    ['https://dev.azure.com/org/My%20Project/_git/chaos', 'dev.azure.com/org/My%20Project/_git/chaos'],
    ['git@ssh.dev.azure.com:v3/org/My%20Project/chaos', 'dev.azure.com/org/My%20Project/_git/chaos'],
    ['https://org.visualstudio.com/Team/_git/chaos', 'org.visualstudio.com/Team/_git/chaos'],
    ['org@vs-ssh.visualstudio.com:v3/org/Team/chaos', 'org.visualstudio.com/Team/_git/chaos']
  ])('Azure DevOps: %s', (url, page) => {
    const file = `https://${page}?path=%2Flitmus%2Fshop%2Fmy%20cart.yaml&version=GC${commit}`
    expect(links(url)).toEqual({
      commit: `https://${page}/commit/${commit}`,
      file,
      line: `${file}&line=7&lineEnd=8&lineStartColumn=1&lineEndColumn=1&lineStyle=plain`
    })
  })

  it.each([
    ['', null],
    ['https://git.example.com/team/chaos.git', null],
    ['https://github.com/team/chaos.git', 'plain'],
    ['https://bitbucket.example.com/chaos.git', 'bitbucket'],
    ['https://dev.azure.com/org/chaos', 'azure']
  ] as const)('none where they are not known: %s as %s', (url, provider) => {
    expect(links(url, provider)).toBeNull()
  })

  it('a hostile path or address stays a path', () => {
    expect(links('javascript:alert(1)', 'github')?.commit).toMatch(/^https:\/\/javascript\/alert/)
    const found = repositoryLinks({ url: 'git@github.com:team/cha?os#"><x', provider: null })
    expect(found?.commit(commit)).toBe(`https://github.com/team/cha%3Fos%23%22%3E%3Cx/commit/${commit}`)
    expect(found?.file({ path: '"?#%20', commit })).toMatch(/\/%22%3F%23%2520$/)
  })
})
