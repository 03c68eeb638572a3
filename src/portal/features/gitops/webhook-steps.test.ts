import { expect, test } from 'vitest'
import { everyWords, isLoopback, knockScript } from './webhook-steps.ts'

test('an address that no git host elsewhere finds is known as such', () => {
  const found = ['http://127.0.0.1:7070/x', 'http://localhost/x', 'http://[::1]:1/x', 'https://faultline.example.com/x']
  expect(found.map(isLoopback)).toEqual([true, true, true, false])
})

test('the script asks for the secret and has none', () => {
  expect(knockScript('https://faultline.example.com/api/v1/hooks/git/shop').split('\n').at(-1)).toBe(
    'curl -X POST -H "x-faultline-signature: sha256=$signature" -d "$body" https://faultline.example.com/api/v1/hooks/git/shop'
  )
})

test('seconds are said in minutes where they are whole ones', () => {
  expect([1, 30, 90, 300].map(everyWords)).toEqual(['1 s', '30 s', '90 s', '5 min'])
})
