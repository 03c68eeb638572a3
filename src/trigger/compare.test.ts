import { describe, expect, it } from 'vitest'
import type { Observation } from '../domain/index.ts'
import { type Known, meaningOf } from './compare.ts'
import { countsFor } from './counts.ts'

const means = (now: Observation, known: Known) => meaningOf(now, known, countsFor('laptop', []))

function seen(image: string, rollout: Observation['rollout'] = 'healthy'): Observation {
  return {
    uid: 'u1',
    number: 1,
    kind: 'Deployment',
    namespace: 'shop',
    name: 'cart',
    aspects: { image: { cart: image } },
    rollout,
    at: '2026-01-01T00:00:00Z'
  }
}

describe('what an observation means', () => {
  it('is a baseline when it is the first of a workload', () => {
    expect(means(seen('cart:v1'), { last: undefined, waitingSince: undefined })).toEqual({ kind: 'nothing' })
  })

  it('is a change when an image differs', () => {
    const before = seen('cart:v1')
    expect(means(seen('cart:v2', 'progressing'), { last: before, waitingSince: undefined })).toEqual({
      kind: 'changed',
      before
    })
  })

  it('keeps the first before when the image changes again while a change waits', () => {
    const v1 = seen('cart:v1')
    const known = { last: seen('cart:v2', 'progressing'), waitingSince: v1 }
    expect(means(seen('cart:v3', 'progressing'), known)).toEqual({ kind: 'changed', before: v1 })
  })

  it('is a roll-back when the image returns before the rollout was healthy', () => {
    const known = { last: seen('cart:v2', 'progressing'), waitingSince: seen('cart:v1') }
    expect(means(seen('cart:v1', 'progressing'), known)).toEqual({ kind: 'rolled-back' })
  })

  it('is two changes when the image goes and comes back with a healthy rollout in between', () => {
    const v2 = seen('cart:v2')
    expect(means(seen('cart:v1'), { last: v2, waitingSince: undefined })).toMatchObject({
      kind: 'changed',
      before: v2
    })
  })

  it('ends the waiting of a change when its rollout is healthy or has failed', () => {
    const known = { last: seen('cart:v2', 'progressing'), waitingSince: seen('cart:v1') }
    expect(means(seen('cart:v2', 'healthy'), known).kind).toBe('rollout-healthy')
    expect(means(seen('cart:v2', 'failed'), known).kind).toBe('rollout-failed')
    expect(means(seen('cart:v2', 'progressing'), known).kind).toBe('nothing')
  })
})
