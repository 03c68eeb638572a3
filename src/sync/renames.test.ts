import { describe, expect, it } from 'vitest'
import { blobId } from '../store/index.ts'
import { broken, changes, definition, edit, file, plan } from './fixtures/small-plan.ts'
import type { OpenEdit } from './plan-input.ts'

describe('renames', () => {
  const definitions = [definition('a', '1', 'x'), definition('b', '2', 'y')]
  const others = [file('b', '2', 'y')]
  const rename = (more: Partial<OpenEdit> = {}) =>
    edit('a', 'r', '1', { action: 'rename', name: 'z', newPath: 'z', ...more })

  it('may be pushed while git has what it was made from, and nothing is at its new path', () => {
    const waits = rename()
    expect(plan({ files: [file('a', '1', 'x'), ...others], definitions, edits: [waits] }).ready).toEqual([waits])
    const changed = plan({ files: [file('a', '9', 'x'), ...others], definitions, edits: [waits] })
    expect(changed.paths[0]).toMatchObject({
      path: 'a',
      change: 'update',
      queue: { ready: null, conflict: { edit: waits } }
    })
  })

  it.each(['z', 'Z'])('is never pushed over what came to %s meanwhile', (path) => {
    const files = [file('a', '1', 'x'), file(path, '7', 'other'), ...others]
    const outcome = plan({ files, definitions, edits: [rename()] })
    expect(outcome.ready).toEqual([])
    expect(outcome.paths.find((one) => one.path === 'a')?.queue.conflict?.reason).toContain(`file ${path} now`)
  })

  it('has moved the definition where it has landed, whatever people did to the file since', () => {
    const landed = rename({ landed: 'c1' })
    for (const now of [file('z', 'r', 'z'), file('z', 'theirs', 'z'), broken('z', 'bad'), file('y/z', 'theirs', 'z')]) {
      const outcome = plan({ files: [now, ...others], definitions, edits: [landed] })
      expect(outcome.moves).toMatchObject([{ definition: { id: 'id-a' }, path: 'a', to: now.path }])
      expect(outcome.withheld).toBeNull()
      expect(outcome.paths.find(({ path }) => path === now.path)?.queue.ended).toMatchObject([{ state: 'merged' }])
    }
  })

  it('a new file at the old path is another workflow, also under the old name', () => {
    const files = [file('a', 'new', 'x'), file('z', 'r', 'z'), ...others]
    const outcome = plan({ files, definitions, edits: [rename({ landed: 'c1' })] })
    expect(changes(outcome)).toEqual({ a: 'create', z: 'update' })
  })

  it('taken back in git at once it is merged, and the workflow is where it was', () => {
    const outcome = plan({ files: [file('a', '1', 'x'), ...others], definitions, edits: [rename({ landed: 'c1' })] })
    expect(changes(outcome)).toEqual({ a: 'none' })
    expect(outcome.moves).toEqual([])
  })

  it('done in git just so by people, no commit is made', () => {
    const outcome = plan({ files: [file('z', 'r', 'z'), ...others], definitions, edits: [rename()] })
    expect(outcome.ready).toEqual([])
    expect(outcome.moves).toMatchObject([{ definition: { id: 'id-a' }, to: 'z' }])
    expect(outcome.paths.find(({ path }) => path === 'z')?.queue.ended).toMatchObject([{ commit: null }])
  })

  it('follows a file that people move meanwhile, and stays in its folder', () => {
    const outcome = plan({ files: [file('dir/a', '1', 'x'), ...others], definitions, edits: [rename()] })
    expect(outcome.ready).toMatchObject([{ path: 'dir/a', newPath: 'dir/z' }])
  })

  it('takes what waits behind it along', () => {
    const behind = edit('a', 'more', 'r', { name: 'z', author: 'Bob' })
    const outcome = plan({
      files: [file('z', 'r', 'z'), ...others],
      definitions,
      edits: [rename({ landed: 'c1' }), behind]
    })
    expect(outcome.ready).toMatchObject([{ id: behind.id, path: 'z' }])
  })

  it('of a file that only its path names, the path is the change', () => {
    const named = { ...rename({ text: '1', blob: blobId('1') }), landed: null }
    expect(plan({ files: [file('a', '1', 'x'), ...others], definitions, edits: [named] }).ready).toEqual([named])
    const landed = plan({ files: [file('z', '1', 'z'), ...others], definitions, edits: [{ ...named, landed: 'c1' }] })
    expect(changes(landed)).toEqual({ z: 'update' })
  })
})
