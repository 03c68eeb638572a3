import { expect, it } from 'vitest'
import type { RunOnPush } from '../domain/index.ts'
import { type PushInput, runsOfPush } from './push-runs.ts'

const one = { definition: 'd', name: 'cart', blob: 'b', commit: 'c', author: 'Dana', allows: null }
const added: PushInput['changes'] = [{ ...one, what: 'added' }]
const changed: PushInput['changes'] = [{ ...one, commit: 'c2', what: 'changed' }]
const asked: PushInput['asked'] = [{ ...one, commit: 'c3' }]

function why(mode: RunOnPush, allows: RunOnPush | null = null): string[] {
  const narrowed = {
    changes: [...added, ...changed].map((item) => ({ ...item, allows })),
    asked: asked.map((item) => ({ ...item, allows }))
  }
  return runsOfPush({ mode, ...narrowed }).map(({ cause }) => cause.why)
}

it('each level allows what those before it do', () => {
  expect(why('never')).toEqual([])
  expect(why('trailer')).toEqual(['trailer'])
  expect(why('added')).toEqual(['trailer', 'added'])
  expect(why('changed')).toEqual(['trailer', 'added', 'changed'])
})

it('the file’s own word narrows, and never widens', () => {
  expect(why('changed', 'never')).toEqual([])
  expect(why('changed', 'added')).toEqual(['trailer', 'added'])
  expect(why('trailer', 'changed')).toEqual(['trailer'])
  expect(why('never', 'changed')).toEqual([])
})

it('a commit that adds a workflow and asks for it starts one run', () => {
  const runs = runsOfPush({ mode: 'changed', changes: added, asked: [one] })
  expect(runs).toMatchObject([{ dedupeKey: 'git/d/b/c', cause: { kind: 'git', why: 'trailer', author: 'Dana' } }])
})
