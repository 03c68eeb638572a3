import { expect, test } from 'vitest'
import { fitting, grouped, isRunId, nameIn, type Offer } from './offer.ts'

const offer = (label: string, words?: string): Offer => ({
  key: label,
  group: 'Pages',
  icon: 'file',
  label,
  ...(words && { words }),
  choose: () => undefined
})
const OFFERS = [offer('Audit', 'who changed what'), offer('Run checkout'), offer('checkout'), offer('New workflow')]
const found = (typed: string) => fitting(OFFERS, typed).map(({ label }) => label)

test('nothing typed leaves all, in their order', () => {
  expect(found(' ')).toEqual(['Audit', 'Run checkout', 'checkout', 'New workflow'])
})

test('each word must occur, and the better fit is first', () => {
  expect(found('check')).toEqual(['checkout', 'Run checkout'])
  expect(found('run CHECK')).toEqual(['Run checkout'])
  expect(found('work new')).toEqual(['New workflow'])
  expect(found('checkout audit')).toEqual([])
})

test('hidden words find it too', () => {
  expect(found('who')).toEqual(['Audit'])
})

test('the verb of an action is not searched for as a name', () => {
  expect(nameIn('run cart ')).toBe('cart')
  expect(nameIn('runs of cart')).toBe('cart')
  expect(nameIn('runner')).toBe('runner')
})

test('a pasted id is known as one', () => {
  expect(isRunId(' 01k9xw8r0t4b7c2d5e6f8g9h0j ')).toBe(true)
  expect(isRunId('checkout-resilience-of-shop')).toBe(false)
})

test('a group stands where its best offer does, and is short', () => {
  const many = Array.from({ length: 30 }, (_, n): Offer => ({ ...offer(`run ${n}`), group: 'Runs' }))
  const groups = grouped([...many, offer('Audit'), { ...offer('late'), group: 'Runs' }])
  expect(groups.map(({ group, offers }) => [group, offers.length])).toEqual([
    ['Runs', 7],
    ['Pages', 1]
  ])
})
