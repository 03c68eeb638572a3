import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSealer } from './seal.ts'
import { Secret } from './secret.ts'

const newKey = () => new Secret(randomBytes(32).toString('base64'))
const token = new Secret('ghp_tökën')

test('what was sealed opens again, and the same secret never looks the same', () => {
  const sealer = createSealer(newKey())
  const [one, two] = [sealer.seal(token, 'shop'), sealer.seal(token, 'shop')]
  expect(sealer.open(one, 'shop').reveal()).toBe('ghp_tökën')
  expect(one.equals(two)).toBe(false)
  expect(one.includes('ghp_')).toBe(false)
})

test('it opens for what it belongs to only', () => {
  const sealer = createSealer(newKey())
  expect(() => sealer.open(sealer.seal(token, 'shop'), 'other')).toThrow(/belongs to something else/)
})

test('any changed or missing byte is noticed', () => {
  const sealer = createSealer(newKey())
  const sealed = sealer.seal(token, 'shop')
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => sealer.open(changed, 'shop')).toThrow(/cannot be read/)
    expect(() => sealer.open(sealed.subarray(0, at), 'shop')).toThrow(/cannot be read/)
  }
})

test('after a rotation the older key still opens, and a lost one is named as the reason', () => {
  const [old, fresh] = [newKey(), newKey()]
  const sealed = createSealer(old).seal(token, 'shop')
  expect(createSealer(fresh, [old]).open(sealed, 'shop').reveal()).toBe('ghp_tökën')
  expect(() => createSealer(fresh).open(sealed, 'shop')).toThrow(/another key/)
})

test('a key of another size is refused', () => {
  expect(() => createSealer(new Secret('c2hvcnQ='))).toThrow(/openssl rand/)
})
