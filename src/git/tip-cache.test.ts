import { expect, it } from 'vitest'
import { Secret } from '../platform/index.ts'
import type { GitRemote, Tip } from './git.ts'
import { TipCache } from './tip-cache.ts'

const remote = (token: string): GitRemote => ({
  url: 'https://git.example.com/a.git',
  username: 'x',
  token: new Secret(token)
})

function counting() {
  let checks = 0
  const check = async (): Promise<Tip> => ({ kind: 'tip', commit: `c${++checks}` })
  return { check, count: () => checks }
}

it('those who ask the same within the age share one check', async () => {
  let now = 0
  const cache = new TipCache(() => now)
  const { check, count } = counting()
  const ask = () => cache.get(remote('a'), 'main', { maxAgeMs: 1000, check })
  const [one, two] = await Promise.all([ask(), ask()])
  now = 999
  expect([one, two, await ask()]).toEqual(Array(3).fill({ kind: 'tip', commit: 'c1' }))
  now = 1000
  expect(await ask()).toEqual({ kind: 'tip', commit: 'c2' })
  expect(count()).toBe(2)
})

it('another branch or credential, or a wish to know now, is a check of its own', async () => {
  const cache = new TipCache(() => 0)
  const { check, count } = counting()
  await cache.get(remote('a'), 'main', { maxAgeMs: 1000, check })
  await cache.get(remote('b'), 'main', { maxAgeMs: 1000, check })
  await cache.get(remote('a'), 'other', { maxAgeMs: 1000, check })
  await cache.get(remote('a'), 'main', { maxAgeMs: 0, check })
  expect(count()).toBe(4)
})

it('a failure is shared with those who wait for it, and not kept', async () => {
  const cache = new TipCache(() => 0)
  const { check, count } = counting()
  const failing = () => Promise.reject(new Error('away'))
  const asked = [1, 2].map(() => cache.get(remote('a'), 'main', { maxAgeMs: 1000, check: failing }))
  for (const one of asked) await expect(one).rejects.toThrow('away')
  await cache.get(remote('a'), 'main', { maxAgeMs: 1000, check })
  expect(count()).toBe(1)
})
