import fc from 'fast-check'
import { expect, it } from 'vitest'
import { homesOf } from './homes.ts'
import type { GitFile } from './plan-input.ts'

const file = (path: string, name: string): GitFile => ({
  path,
  blob: path,
  content: { kind: 'definition', of: 'Workflow', name, text: null }
})
const workflow = (path: string) => ({ path, name: path.replaceAll(/[/.]/g, '-') })
const homes = (paths: string[], files: GitFile[], folders: { from: string | null; to: string }) =>
  Object.fromEntries(homesOf(paths.map(workflow), files, folders))

it('what is below the folder stays, the rest keeps its place in the folder', () => {
  expect(homes(['litmus/shop/a.yaml', 'litmus/shop/team/b.yaml'], [], { from: 'litmus/shop', to: 'chaos' })).toEqual({
    'litmus/shop/a.yaml': 'chaos/a.yaml',
    'litmus/shop/team/b.yaml': 'chaos/team/b.yaml'
  })
  expect(homes(['litmus/shop/a.yaml'], [], { from: 'litmus/shop', to: 'litmus' })).toEqual({
    'litmus/shop/a.yaml': 'litmus/shop/a.yaml'
  })
  expect(homes(['litmus/shop/team/b.yaml'], [], { from: null, to: 'chaos' })).toEqual({
    'litmus/shop/team/b.yaml': 'chaos/b.yaml'
  })
})

it('where two would share a path, one has a number', () => {
  expect(homes(['l/a.yaml', 'l/team/a.yaml'], [], { from: 'l', to: 'l/team' })).toEqual({
    'l/team/a.yaml': 'l/team/a.yaml',
    'l/a.yaml': 'l/team/a-2.yaml'
  })
})

it('a file that has the name is the file, unless there is one at the place, or two have the name', () => {
  const one = { path: 'old/one.yaml', name: 'one' }
  const at = (files: GitFile[]) => homesOf([one], files, { from: 'old', to: 'new' }).get(one.path)
  expect(at([file('new/team/uno.yml', 'one')])).toBe('new/team/uno.yml')
  expect(at([file('new/one.yaml', 'other'), file('new/uno.yaml', 'one')])).toBe('new/one.yaml')
  expect(at([file('new/a.yaml', 'one'), file('new/b.yaml', 'one')])).toBe('new/one.yaml')
})

it('everybody has a home of his own below the folder, and stays there when it is asked again', () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join('/')}.yaml`)
  const folder = fc.constantFrom('a', 'a/b', 'b', 'new')
  fc.assert(
    fc.property(
      fc.uniqueArray(path, { maxLength: 8 }),
      fc.uniqueArray(path, { maxLength: 6 }),
      folder,
      folder,
      (paths, others, from, to) => {
        const files = others.map((other) => file(`${to}/${other}`, workflow(other).name))
        const found = homesOf(paths.map(workflow), files, { from, to })
        const places = [...found.values()]
        expect(new Set(places).size).toBe(paths.length)
        expect(places.every((place) => place.startsWith(`${to}/`))).toBe(true)
        const again = homesOf(
          paths.map((old) => ({ path: found.get(old) ?? '', name: workflow(old).name })),
          files,
          { from, to }
        )
        expect(again).toEqual(new Map(places.map((place) => [place, place])))
      }
    )
  )
})
