import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blobId } from '../store/index.ts'
import { broken, changes, definition, edit, file, plan } from './fixtures/small-plan.ts'
import { planPass, type SyncPlan } from './plan.ts'
import type { GitFile, KnownDefinition, OpenEdit, PlanInput } from './plan-input.ts'

let made = 0

describe('what git has is shown', () => {
  it('new, changed and deleted files', () => {
    const files = [file('new', '1'), file('same', '1'), file('changed', '2')]
    const definitions = [definition('same', '1'), definition('changed', '1'), definition('gone', '0')]
    expect(changes(plan({ files, definitions }))).toEqual({ new: 'create', changed: 'update', gone: 'delete' })
  })

  it('a bad file changes nothing: its definition keeps the last good text', () => {
    const definitions = [definition('a', '1'), definition('b', '1'), definition('c', '1')]
    const outcome = plan({ files: [broken('a', 'x'), file('b', '2'), file('c', '1')], definitions })
    expect(changes(outcome)).toEqual({ b: 'update' })
  })

  it('of two new files of one name the earlier path has it, and the other says so', () => {
    const outcome = plan({ files: [file('b', '1', 'same'), file('a', '2', 'same')] })
    expect(changes(outcome)).toEqual({ a: 'create' })
    const later = outcome.files.find(({ path }) => path === 'b')
    expect(later?.content).toMatchObject({
      kind: 'invalid',
      problems: [{ message: expect.stringMatching(/same.* a;.*\(b\)/) }]
    })
  })

  it('a name stays with the definition that has it, and is free once that is renamed or gone', () => {
    const definitions = [definition('z', '1', 'name')]
    const taken = plan({ files: [file('a', '2', 'name'), file('z', '1', 'name')], definitions })
    expect(changes(taken)).toEqual({})
    const renamed = plan({ files: [file('a', '2', 'name'), file('z', '3', 'other')], definitions })
    expect(changes(renamed)).toEqual({ a: 'create', z: 'update' })
    const gone = plan({ files: [file('a', '2', 'name'), file('b', '1', 'other')], definitions })
    expect(changes(gone)).toEqual({ a: 'create', b: 'create', z: 'delete' })
  })

  it('two workflows may swap their names', () => {
    const definitions = [definition('a', '1', 'x'), definition('b', '1', 'y')]
    const outcome = plan({ files: [file('a', '2', 'y'), file('b', '2', 'x')], definitions })
    expect(changes(outcome)).toEqual({ a: 'update', b: 'update' })
  })
})

describe('moves', () => {
  const definitions = [definition('a', '1', 'x'), definition('b', '2', 'y')]

  it('a file that is missing and a new one with its text or its name are one', () => {
    const sameText = plan({ files: [file('dir/a', '1', 'renamed'), file('b', '2', 'y')], definitions })
    expect(sameText.moves).toMatchObject([{ definition: { id: 'id-a' }, to: 'dir/a' }])
    // one that its path names
    expect(changes(sameText)).toEqual({ 'dir/a': 'update' })
    const same = plan({ files: [file('dir/a', '1', 'x'), file('b', '2', 'y')], definitions })
    expect(changes(same)).toEqual({ 'dir/a': 'move' })
    const sameName = plan({ files: [file('dir/a', '9', 'x'), file('b', '2', 'y')], definitions })
    expect(changes(sameName)).toEqual({ 'dir/a': 'update' })
    expect(sameName.paths[0]?.definition?.id).toBe('id-a')
  })

  it('moving everything is no deletion, however many they are', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((path) => definition(path, path))
    const outcome = plan({ files: many.map(({ path }) => file(`new/${path}`, path, path)), definitions: many })
    expect(outcome.withheld).toBeNull()
    expect(outcome.moves).toHaveLength(6)
  })

  it('what is ambiguous is a deletion and new files', () => {
    const copies = [file('c', '1', 'x'), file('d', '1', 'z'), file('b', '2', 'y')]
    expect(plan({ files: copies, definitions }).moves).toEqual([])
    const asked = [edit('a', null, '1')]
    expect(plan({ files: [file('c', '1', 'x'), file('b', '2', 'y')], definitions, edits: asked }).moves).toEqual([])
  })

  it('an edit that waits goes along', () => {
    const waiting = edit('a', 'more', '1')
    const outcome = plan({ files: [file('c', '1', 'x'), file('b', '2', 'y')], definitions, edits: [waiting] })
    expect(outcome.ready).toMatchObject([{ id: waiting.id, path: 'c' }])
  })
})

describe('edits', () => {
  it('one made from what git has may be pushed; those behind it wait', () => {
    const first = edit('a', '2', '1')
    const second = edit('a', '3', '2', { author: 'Bob' })
    const input = { files: [file('a', '1')], definitions: [definition('a', '1')] }
    expect(plan({ ...input, edits: [first, second] }).ready).toEqual([first])
  })

  it('is merged where it has landed, and the next one may go', () => {
    const first = edit('a', '2', '1', { landed: 'c2' })
    const second = edit('a', '3', '2', { author: 'Bob' })
    const outcome = plan({ files: [file('a', '2')], definitions: [definition('a', '1')], edits: [first, second] })
    expect(outcome.paths[0]).toMatchObject({ change: 'update', writer: first })
    expect(outcome.paths[0]?.queue.ended).toEqual([{ edit: first, state: 'merged', commit: 'c2', reason: null }])
    expect(outcome.ready).toEqual([second])
  })

  it('git says the same already: merged without a commit', () => {
    const same = edit('a', '2', '1')
    const outcome = plan({ files: [file('a', '2')], definitions: [definition('a', '1')], edits: [same] })
    expect(outcome.paths[0]?.queue.ended).toMatchObject([{ edit: same, state: 'merged', commit: null }])
    expect(outcome.paths[0]?.writer).toBeNull()
    expect(outcome.ready).toEqual([])
  })

  it.each<[string, GitFile[]]>([
    ['changed', [file('a', 'theirs')]],
    ['changed for the worse', [broken('a', 'theirs')]],
    ['deleted', []]
  ])('git has %s it meanwhile: a conflict, and nothing of either side is lost', (_what, files) => {
    const ours = edit('a', 'ours', '1')
    const outcome = plan({
      files: [...files, file('b', '1')],
      definitions: [definition('a', '1'), definition('b', '1')],
      edits: [ours]
    })
    expect(outcome.paths[0]?.queue.conflict?.edit).toBe(ours)
    expect(outcome.paths[0]?.change).not.toBe('delete')
    expect(outcome.ready).toEqual([])
  })

  it('a conflict of one definition does not hold up another', () => {
    const free = edit('b', '2', '1')
    const files = [file('a', 'theirs'), file('b', '1')]
    const definitions = [definition('a', '1'), definition('b', '1')]
    expect(plan({ files, definitions, edits: [edit('a', 'ours', '1'), free] }).ready).toEqual([free])
  })

  it('keep git ends the edit, keep portal takes its place before what waited behind it', () => {
    const stuck = edit('a', 'ours', '1', { state: 'conflict' })
    const behind = edit('a', 'more', 'ours', { author: 'Bob' })
    const files = [file('a', 'theirs')]
    const definitions = [{ ...definition('a', 'theirs'), inConflict: true }]
    const git = plan({ files, definitions, edits: [stuck, edit('a', null, 'theirs', { action: 'keep-git' })] })
    expect(git.paths[0]?.queue.ended.map(({ state }) => state)).toEqual(['discarded', 'merged'])
    const word = edit('a', 'ours', 'theirs', { action: 'keep-portal' })
    const portal = plan({ files, definitions, edits: [stuck, behind, word] })
    expect(portal.paths[0]?.queue.ended).toMatchObject([{ edit: stuck, state: 'superseded' }])
    expect(portal.ready).toEqual([word])
    const pushed = { ...word, landed: 'c9' }
    expect(plan({ files: [file('a', 'ours')], definitions, edits: [behind, pushed] }).ready).toEqual([behind])
  })

  it('a text of both takes the place of the edit in conflict; where git has it already no commit is made', () => {
    const stuck = edit('a', 'ours', '1', { state: 'conflict' })
    const definitions = [{ ...definition('a', 'theirs'), inConflict: true }]
    const word = edit('a', 'both', 'theirs', { action: 'resolve' })
    const outcome = plan({ files: [file('a', 'theirs')], definitions, edits: [stuck, word] })
    expect(outcome.paths[0]?.queue.ended).toMatchObject([{ edit: stuck, state: 'superseded' }])
    expect(outcome.ready).toEqual([word])
    const same = plan({ files: [file('a', 'both')], definitions, edits: [stuck, word] })
    expect(same.ready).toEqual([])
    expect(same.paths[0]?.queue.ended.map(({ state }) => state)).toEqual(['superseded', 'merged'])
    const moved = plan({ files: [file('a', 'newer')], definitions, edits: [stuck, word] })
    expect(moved.paths[0]?.queue.conflict?.edit).toBe(word)
  })

  it('keep git of a file that git has deleted deletes the definition', () => {
    const stuck = edit('a', 'ours', '1', { state: 'conflict' })
    const definitions = [{ ...definition('a', null), inConflict: true, deletedInGit: true }]
    expect(changes(plan({ definitions, edits: [stuck] }))).toEqual({ a: 'none' })
    const word = edit('a', null, null, { action: 'keep-git' })
    expect(changes(plan({ definitions, edits: [stuck, word] }))).toEqual({ a: 'delete' })
  })

  it('a new workflow whose name git has taken elsewhere is never pushed', () => {
    const mine = edit('mine', '1', null, { name: 'cart' })
    const outcome = plan({ files: [file('theirs', '2', 'cart')], edits: [mine] })
    expect(outcome.ready).toEqual([])
    expect(outcome.paths.find(({ path }) => path === 'mine')?.queue.conflict?.reason).toContain('theirs')
  })
})

describe('the deletion guard', () => {
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
  const definitions = many.map((path) => definition(path, '1'))
  const without = (...gone: string[]) => many.filter((path) => !gone.includes(path)).map((path) => file(path, '1'))

  it('lets three of many go', () => {
    expect(plan({ files: without('a', 'b', 'c'), definitions }).withheld).toBeNull()
  })

  it('withholds more than three, more than half of two and more, and a folder that is gone', () => {
    const outcome = plan({ files: without('a', 'b', 'c', 'd'), definitions })
    expect(outcome.withheld).toEqual({ kind: 'deletions', paths: ['a', 'b', 'c', 'd'] })
    expect(changes(outcome)).toEqual({})
    const two = definitions.slice(0, 2)
    expect(plan({ files: [], definitions: two }).withheld?.paths).toEqual(['a', 'b'])
    expect(plan({ files: [], definitions: two, folderMissing: true }).withheld?.kind).toBe('missing-path')
    expect(plan({ files: [], definitions: two.slice(0, 1), folderMissing: true }).withheld?.kind).toBe('missing-path')
  })

  it('does what was approved, and what was asked for in the portal', () => {
    const files = without('a', 'b', 'c', 'd')
    const approved = plan({ files, definitions, acceptedPaths: new Set(['a', 'b', 'c', 'd']) })
    expect(Object.values(changes(approved))).toEqual(['delete', 'delete', 'delete', 'delete'])
    const edits = ['a', 'b', 'c', 'd'].map((path) => edit(path, null, '1', { landed: `c-${path}` }))
    expect(plan({ files, definitions, edits }).withheld).toBeNull()
  })

  it('holds back the edits of what is withheld, and nothing else', () => {
    const edits = [edit('a', '2', '1'), edit('i', '2', '1')]
    const outcome = plan({ files: without('a', 'b', 'c', 'd'), definitions, edits })
    expect(outcome.ready.map(({ path }) => path)).toEqual(['i'])
  })
})

/** A small world in which a plan is applied as `apply.ts` does, and edits are pushed, landed and pushed again. */
describe('whatever happens', () => {
  const texts = fc.constantFrom('1', '2', '3')
  const paths = fc.constantFrom('a', 'b', 'c')
  const step = fc.oneof(
    fc.record({ kind: fc.constant('push' as const), path: paths, text: texts }),
    fc.record({ kind: fc.constant('remove' as const), path: paths }),
    fc.record({ kind: fc.constant('edit' as const), path: paths, text: texts, author: fc.constantFrom('Ada', 'Bob') }),
    fc.record({ kind: fc.constant('rename' as const), path: paths, to: paths, text: texts }),
    fc.record({ kind: fc.constant('word' as const), path: paths, word: fc.constantFrom('git', 'portal', '4') }),
    fc.record({ kind: fc.constant('pause' as const), paused: fc.boolean() }),
    fc.record({ kind: fc.constant('pass' as const), crash: fc.boolean() })
  )

  it('a workflow that moved, and a new one at its old path, are two', () => {
    const world = new World()
    const push = (path: string, text: string) => world.play({ kind: 'push', path, text })
    push('b', '3')
    world.pass(false)
    push('c', '3')
    world.play({ kind: 'remove', path: 'b' })
    world.pass(false)
    push('c', '1')
    push('b', '1')
    world.pass(false)
    expect(world.definitions.map(({ path, name }) => `${path}: ${name}`)).toEqual(['b: b', 'c: c'])
    expect(planPass(world.input()).paths).toEqual([])
  })

  it('every text that git had and every edit is accounted for, and a second pass changes nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const world = new World()
        for (const one of steps) world.play(one)
        world.play({ kind: 'pause', paused: false })
        world.pass(false)
        const again = planPass(world.input())
        expect(again.paths.filter(({ change, queue }) => change !== 'none' || queue.ended.length > 0)).toEqual([])
        expect(world.overwritten).toEqual([])
        expect(world.definitions.map(({ path }) => path).toSorted()).toEqual(
          [...new Set(world.definitions.map(({ path }) => path))].toSorted()
        )
        expect(world.pushedWhilePaused).toBe(0)
      }),
      { numRuns: 500 }
    )
  })
})

type Step =
  | { kind: 'push'; path: string; text: string }
  | { kind: 'remove'; path: string }
  | { kind: 'edit'; path: string; text: string; author: string }
  | { kind: 'rename'; path: string; to: string; text: string }
  /** about a conflict: keep one side, or this text of both */
  | { kind: 'word'; path: string; word: string }
  | { kind: 'pause'; paused: boolean }
  | { kind: 'pass'; crash: boolean }

const WORDS: readonly string[] = ['keep-git', 'keep-portal', 'resolve']

class World {
  readonly git = new Map<string, string>()
  definitions: KnownDefinition[] = []
  edits: OpenEdit[] = []
  /** what the portal knows of git: the base of a new edit */
  readonly seen = new Map<string, string>()
  /** texts of git that a commit of ours replaced though the editor had not seen them */
  readonly overwritten: string[] = []
  paused = false
  pushedWhilePaused = 0

  play(step: Step): void {
    if (step.kind === 'push') this.git.set(step.path, step.text)
    else if (step.kind === 'remove') this.git.delete(step.path)
    else if (step.kind === 'edit') this.#edit(step)
    else if (step.kind === 'rename') this.#rename(step)
    else if (step.kind === 'word') this.#word(step)
    else if (step.kind === 'pause') this.paused = step.paused
    else this.pass(step.crash)
  }

  input(): PlanInput {
    const files = [...this.git].map(([path, text]) => file(path, text))
    const acceptedPaths = new Set(['a', 'b', 'c'])
    return { files, definitions: this.definitions, edits: this.edits, folderMissing: files.length === 0, acceptedPaths }
  }

  /** Plan, apply, push; `crash`: the push arrives, its outcome is not seen until the next pass. */
  pass(crash: boolean): void {
    if (this.paused) return
    for (let turn = 0; turn < 20; turn++) {
      const outcome = planPass(this.input())
      this.#apply(outcome)
      if (outcome.ready.length === 0) return
      for (const ready of outcome.ready) this.#push(ready)
      if (crash) return
    }
    throw new Error('the pass does not come to an end')
  }

  #edit({ path, text, author }: { path: string; text: string; author: string }): void {
    const queued = this.edits.filter((one) => one.path === path && one.state === 'open').at(-1)
    if (this.edits.some((one) => one.path === path && one.state === 'conflict')) return
    // a file is on its way there
    if (this.edits.some((one) => one.newPath === path && one.path !== path)) return
    const base = queued?.text ?? this.seen.get(path) ?? null
    this.edits.push(edit(path, text, base, { author }))
  }

  /** Refused where anything is at the new path, or on its way there. */
  #rename({ path, to, text }: { path: string; to: string; text: string }): void {
    const known = this.definitions.some((one) => one.path === path)
    const taken = [
      ...this.seen.keys(),
      ...this.definitions.map((one) => one.path),
      ...this.edits.map((one) => one.path)
    ]
    if (!known || taken.includes(to) || this.edits.some(({ newPath }) => newPath === to)) return
    if (this.edits.some((one) => one.path === path && (one.text === null || one.state === 'conflict'))) return
    const queued = this.edits.filter((one) => one.path === path).at(-1)
    const base = queued?.text ?? this.seen.get(path) ?? null
    this.edits.push(edit(path, text, base, { action: 'rename', name: to, newPath: to }))
  }

  #word({ path, word }: { path: string; word: string }): void {
    const queue = this.edits.filter((one) => one.path === path)
    const stuck = queue.find((one) => one.state === 'conflict')
    if (stuck === undefined || queue.some(({ action }) => WORDS.includes(action))) return
    const action = word === 'git' ? 'keep-git' : word === 'portal' ? 'keep-portal' : 'resolve'
    const text = word === 'git' ? null : word === 'portal' ? stuck.text : word
    const newPath = action === 'keep-portal' ? stuck.newPath : null
    this.edits.push(edit(path, text, this.seen.get(path) ?? null, { action, newPath }))
  }

  #push(ready: OpenEdit): void {
    if (this.paused) this.pushedWhilePaused++
    const before = this.git.get(ready.path)
    if ((before === undefined ? null : blobId(before)) !== ready.baseBlob) this.overwritten.push(ready.path)
    const to = ready.newPath ?? ready.path
    if (to !== ready.path && this.git.has(to)) this.overwritten.push(to)
    if (ready.text === null || to !== ready.path) this.git.delete(ready.path)
    if (ready.text !== null) this.git.set(to, ready.text)
    this.edits = this.edits.map((one) => (one.id === ready.id ? { ...one, landed: `c-${one.id}` } : one))
  }

  #apply({ paths, moves }: SyncPlan): void {
    const places = new Map(moves.map(({ path, to }) => [path, to]))
    const moved = <T extends { path: string }>(one: T): T => ({ ...one, path: places.get(one.path) ?? one.path })
    this.definitions = this.definitions.map(moved)
    this.edits = this.edits.map(moved)
    for (const { path, change, file: now, definition: known, queue } of paths) {
      const ended = new Set(queue.ended.map((ending) => ending.edit.id))
      this.edits = this.edits.filter((one) => !ended.has(one.id))
      this.edits = this.edits.map((one) => (one.id === queue.conflict?.edit.id ? { ...one, state: 'conflict' } : one))
      this.definitions = this.definitions.filter((one) => one.id !== known?.id)
      if (change === 'delete') continue
      const base = known ?? (change === 'create' ? { ...definition(path, null), id: `made-${++made}` } : null)
      if (base === null) continue
      const { movedFrom: _was, ...stayed } = base
      const conflict = queue.conflict !== null
      const gitBlob = change === 'none' ? (now === null && conflict ? null : base.gitBlob) : (now?.blob ?? null)
      this.definitions.push({
        ...stayed,
        name: change !== 'none' && now?.content.kind === 'definition' ? now.content.name : base.name,
        gitBlob,
        inConflict: conflict,
        deletedInGit: conflict && now === null
      })
    }
    this.seen.clear()
    for (const [path, text] of this.git) this.seen.set(path, text)
  }
}
