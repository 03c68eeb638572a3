import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostKeysFor, parseHostKeys } from './host-keys.ts'

const HOST = 'git@git.example.com:team/chaos.git'
const PORT = 'ssh://git@git.example.com:2222/team/chaos.git'
/** of GitHub and GitLab, as they publish them */
const ONE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
const TWO = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf'

const shown = (url: string, text: string) => hostKeysFor(url, text).map(({ type, key }) => `${type} ${key}`)

describe('lines of known_hosts', () => {
  it('the fingerprint is the one that the host publishes', () => {
    expect(parseHostKeys(ONE)[0]?.fingerprint).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU')
  })

  it.each([
    ['a key alone', HOST, ONE],
    ['the name', HOST, `git.example.com ${ONE} a comment`],
    ['one of several names', HOST, `other.example.com,git.example.com,192.0.2.7 ${ONE}`],
    ['a pattern', HOST, `*.example.com,!web.example.com ${ONE}`],
    ['the name with its port', PORT, `[git.example.com]:2222 ${ONE}`],
    ['the name, at another port', PORT, `git.example.com ${ONE}`],
    ['with comments and empty lines around', HOST, `# mine\n\n  git.example.com ${ONE}\r\n`]
  ])('%s is of the host', (_what, url, line) => {
    expect(shown(url, line)).toEqual([ONE])
  })

  it.each([
    ['another name', HOST, `git.example.org ${TWO}`],
    ['a port that is another one', HOST, `[git.example.com]:2222 ${TWO}`],
    ['a pattern that excludes it', HOST, `*.example.com,!git.example.com ${TWO}`],
    ['a name that only ends alike', HOST, `digit.example.com ${TWO}`],
    ['a kind of key that is not known, of another host', HOST, 'old.example.com ssh-dss AAAA'],
    ['a revoked key of another host', HOST, `@revoked old.example.com ${TWO}`]
  ])('%s is left alone', (_what, url, line) => {
    expect(shown(url, `${line}\ngit.example.com,[git.example.com]:2222 ${ONE}`)).toEqual([ONE])
  })

  it('of other hosts alone, of no host, with a marker, and broken ones are refused with the reason', () => {
    expect(() => hostKeysFor(PORT, `github.com ${ONE}`)).toThrow(/none of the lines is of \[git\.example\.com\]:2222/)
    expect(() => hostKeysFor(HOST, '# nothing')).toThrow(/no key in it/)
    expect(() => hostKeysFor(HOST, `@cert-authority *.example.com ${ONE}`)).toThrow(/line 1 has the marker @cert-auth/)
    expect(() => hostKeysFor(HOST, `\ngit.example.com ${ONE.slice(0, 40)}`)).toThrow(/line 2 is no host key/)
    expect(() => hostKeysFor(HOST, `git.example.com ${ONE.replace('ssh-ed25519', 'ssh-rsa')}`)).toThrow(/line 1 is no/)
    expect(() => hostKeysFor(HOST, `${ONE}\n`.repeat(21))).toThrow(/more than 20/)
  })

  it('a pattern that is made to be slow is not', () => {
    const started = performance.now()
    expect(() => hostKeysFor(HOST, `${'*a'.repeat(10_000)} ${ONE}`)).toThrow(/none of the lines/)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('hashed by ssh-keygen -H', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'faultline-known-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('they are known by their name, with and without a port', () => {
    const file = join(folder, 'known_hosts')
    writeFileSync(file, `git.example.com ${ONE}\n[git.example.com]:2222 ${TWO}\nother.example.com ${TWO}\n`)
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' })
    const text = readFileSync(file, 'utf8')
    expect(text).not.toContain('example.com')
    expect(shown(HOST, text)).toEqual([ONE])
    expect(shown(PORT, text)).toEqual([ONE, TWO])
  })
})
