import { expect, it } from 'vitest'
import { entriesBelow } from './tree-walk.ts'

const id = (letter: string) => letter.repeat(40)
const entry = (mode: string, name: string, oid: string) =>
  Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])

function trees(all: Record<string, Buffer[]>) {
  return async (oid: string) => Buffer.concat(all[oid] ?? [])
}

it('lists what is below a folder, and nothing beside it', async () => {
  const read = trees({
    root: [entry('40000', 'a', id('1')), entry('100644', 'b', id('f'))],
    [id('1')]: [entry('40000', 'p', id('2')), entry('40000', 'q', id('3'))],
    [id('2')]: [entry('40000', 'deep', id('3')), entry('120000', 'link', id('e'))],
    [id('3')]: [entry('100755', 'x.yaml', id('d'))]
  })
  expect(await entriesBelow('root', 'a/p', read)).toEqual([
    { mode: '100755', path: 'a/p/deep/x.yaml', blob: id('d') },
    { mode: '120000', path: 'a/p/link', blob: id('e') }
  ])
  expect(await entriesBelow('root', 'a/nobody', read)).toEqual([])
  expect(await entriesBelow('root', 'b', read)).toEqual([])
})

it('folders that name the same ones over and over end somewhere', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
  const all = Object.fromEntries(
    names.map((_, depth) => [
      depth === 0 ? id('0') : id(String(depth)),
      depth === 9 ? [entry('100644', 'x', id('f'))] : names.map((name) => entry('40000', name, id(String(depth + 1))))
    ])
  )
  const read = trees({ root: [entry('40000', 'p', id('0'))], ...all })
  await expect(entriesBelow('root', 'p', read)).rejects.toMatchObject({ code: 'git/too-large', kind: 'stalled' })
})
