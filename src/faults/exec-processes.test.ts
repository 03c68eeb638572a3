import { expect, test } from 'vitest'
import { FakeTarget } from '../engine/fixtures/fake-target.ts'
import type { Exec } from '../engine/index.ts'
import { AppError, newId, systemClock } from '../platform/index.ts'
import { kill, look, placeIn, seenIn, undoOf } from './exec-processes.ts'

const pod = { namespace: 'shop', name: 'cart-1', uid: 'uid-1' }
const place = () => ({ injection: newId(), pod, container: null })

function world(run: Exec['run']) {
  const target = new FakeTarget({ clock: systemClock, replicas: 0, replaceAfterMs: null })
  target.exec = { run }
  return { target, clock: systemClock, signal: new AbortController().signal }
}

test('with the pod or the container its processes are gone; whatever else fails is no proof of that', async () => {
  const failing = (code: string) =>
    world(() => Promise.reject(new AppError({ code, kind: 'transient', message: 'it failed' })))
  for (const code of ['cluster/pod-gone', 'cluster/not-running']) {
    expect(await look(place(), failing(code))).toEqual({ count: 0, cores: 0, bytes: 0 })
    await kill(place(), failing(code))
  }
  await expect(look(place(), failing('cluster/exec-cut'))).rejects.toThrow('it failed')
  const without = world(async () => ({ code: 127, output: '', errors: 'there is no tr or grep\n' }))
  await expect(look(place(), without)).rejects.toThrow(/ended with 127: there is no tr or grep/)
})

test('the undo record says where, and how to end it by hand', () => {
  const one = { ...place(), container: 'web' }
  const undo = undoOf(one)
  expect(placeIn(undo)).toEqual(one)
  expect(undo.byHand).toMatch(/^kubectl -n shop exec cart-1 -c web -- sh -c '.*' sh FAULTLINE_INJECTION=/s)
})

test('names of processes may hold anything', () => {
  const stat = `7 (a) b (c) S 1 7 7 0 -1 4194304 0 0 0 0 150 50 0 0 20 0 1 0 1000 0 0`
  expect(seenIn(`${stat}\nVmRSS:\t    2048 kB\n14.00 9.9\n`)).toEqual({ count: 1, cores: 0.5, bytes: 2048 * 1024 })
  expect(seenIn('')).toEqual({ count: 0, cores: 0, bytes: 0 })
})
