import { afterEach, expect, it } from 'vitest'
import { HostLines } from './host-lines.ts'

const LIMITS = { all: 3, perHost: 2, waiting: 2, patienceMs: 60_000 }
let lines = new HostLines(LIMITS)

afterEach(() => lines.clear())

/** Who was told what, in the order in which it was told. */
function told(): { ask: (host: string, who: string) => Promise<void>; all: string[] } {
  const all: string[] = []
  const ask = async (host: string, who: string) => void all.push(`${who} ${await lines.enter(host)}`)
  return { ask, all }
}

it('passes of one host have their turn as they came, so many at a time; who finds its line full goes', async () => {
  lines = new HostLines(LIMITS)
  const { ask, all } = told()
  await Promise.all([ask('a', '1'), ask('a', '2')])
  const waiting = [ask('a', '3'), ask('a', '4')]
  await ask('a', '5')
  expect(all).toEqual(['1 true', '2 true', '5 false'])
  lines.leave('a')
  lines.leave('a')
  await Promise.all(waiting)
  expect(all.slice(3)).toEqual(['3 true', '4 true'])
})

it('a host whose passes are many delays no other, until there are too many for all', async () => {
  lines = new HostLines(LIMITS)
  const { ask, all } = told()
  await Promise.all([ask('a', '1'), ask('a', '2')])
  const waiting = ask('a', '3')
  await ask('b', '4')
  const held = ask('c', '5')
  expect(all).toEqual(['1 true', '2 true', '4 true'])
  lines.leave('b')
  await held
  lines.leave('c')
  lines.leave('a')
  await waiting
  expect(all.slice(3)).toEqual(['5 true', '3 true'])
})

it('who has waited too long goes, and leaves no place behind', async () => {
  lines = new HostLines({ ...LIMITS, patienceMs: 1 })
  const { ask, all } = told()
  await Promise.all([ask('a', '1'), ask('a', '2'), ask('a', '3'), ask('a', '4')])
  expect(all).toEqual(['1 true', '2 true', '3 false', '4 false'])
  lines.leave('a')
  await ask('a', '5')
  expect(all[4]).toBe('5 true')
})
