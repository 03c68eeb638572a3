import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Authority, makeAuthority, makeSelfSigned } from '../../test/harness/certificates.ts'
import { parseAuthorities, plainAuthorities, requireCurrent } from './certificates.ts'

const NOW = new Date()
let folder: string
let authority: Authority

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-certificates-'))
  authority = await makeAuthority(folder, 'House authority')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('an authority, and a certificate that signs itself, are shown by name, end and fingerprint', async () => {
  const { cert } = await makeSelfSigned(folder)
  const [first, second, ...more] = parseAuthorities(`the house\n${authority.pem}\n${cert}`)
  expect(more).toEqual([])
  expect(first).toMatchObject({ subject: 'CN=House authority', fingerprint: expect.stringMatching(/^[\dA-F:]{95}$/) })
  expect(second?.subject).toBe('CN=lonely host')
  const days = ((first?.expiresAt.getTime() ?? 0) - NOW.getTime()) / 86_400_000
  expect(days).toBeGreaterThan(29)
})

it('what is stored are the blocks alone', () => {
  const pasted = `# of the house\r\n${authority.pem.replaceAll('\n', '\r\n')}\r\nbye`
  expect(plainAuthorities(pasted)).toBe(authority.pem)
})

it('what is none is refused with the reason, and never quoted', async () => {
  const leaf = await authority.issue()
  const cut = authority.pem.replace(/\n[^-\n]+\n/, '\n')
  const refused: [string, RegExp][] = [
    ['nothing here', /no block/],
    [leaf.cert, /CN=git host is no authority: it was issued by CN=House authority/],
    [leaf.key + authority.pem, /a private key is in it/],
    [cut, /block 1 is no certificate/],
    [authority.pem.repeat(21), /more than 20/]
  ]
  for (const [pem, reason] of refused) expect(() => parseAuthorities(pem)).toThrow(reason)
  const later = new Date(NOW.getTime() + 31 * 86_400_000)
  const authorities = parseAuthorities(authority.pem)
  expect(() => requireCurrent(authorities, NOW)).not.toThrow()
  expect(() => requireCurrent(authorities, later)).toThrow(/CN=House authority has expired on \d{4}-/)
})
