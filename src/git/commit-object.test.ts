import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseCommit } from './commit-object.ts'
import { LOG_FORMAT, parseLog } from './log.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-commit-'))
  git(['init', '--quiet', '--bare'])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function git(args: readonly string[], input = ''): Buffer {
  return execFileSync('git', [`--git-dir=${folder}`, ...args], { input })
}

const TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
const PERSON = 'Dana Ä <dana@example.com> 1767323045 +0100'
const commit = (message: string, { author = PERSON, more = '' } = {}) =>
  `tree ${TREE}\nauthor ${author}\ncommitter ${PERSON}\n${more}\n${message}`
/** as many parents as there are subjects */
const merge = (...subjects: string[]) => commit('Merge\n').replace('author', `${parents(subjects)}author`)
const parents = (subjects: readonly string[]) => subjects.map((one) => `parent ${stored(commit(one))}\n`).join('')

function stored(text: string): string {
  return git(['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], text).toString().trim()
}

it.each<[string, string | (() => string)]>([
  ['a subject and a body', commit('Change\n\nBecause.\n')],
  ['a subject of several lines', commit('One  \ntwo\t\n  three\n \t\nbody\n')],
  ['empty lines first', commit('\n \n  Indented\r\nmore\n\nbody')],
  ['no message', commit('')],
  ['no end of line', commit('Change')],
  ['one parent', () => merge('One')],
  ['two parents', () => merge('One', 'Two')],
  ['a signature', commit('Signed\n', { more: 'gpgsig -----BEGIN\n \n author X <x> 1 +0000\n -----END\n' })],
  ['a person without a name', commit('Change\n', { author: '<dana@example.com> 1767323045 +0000' })],
  ['a person without an address', commit('Change\n', { author: 'Dana <> 0 -1200' })]
])('a commit with %s is read as git reads it', (_what, made) => {
  const text = typeof made === 'string' ? made : made()
  const id = stored(text)
  const [entry] = parseLog(git(['log', '-1', LOG_FORMAT, id, '--']))
  expect(parseCommit(id, Buffer.from(text))).toEqual({ ...entry?.info })
})

it('what only git knows how to read is left to it', () => {
  const odd = [
    commit('Caf\n', { more: 'encoding ISO-8859-1\n' }),
    commit('Change\n', { author: 'A <b> <c> 1 +0000' }),
    commit('Change\n', { author: 'Dana <dana@example.com> soon' }),
    'tree'
  ]
  expect(odd.map((text) => parseCommit(TREE, Buffer.from(text)))).toEqual([null, null, null, null])
})

it('a message of many blanks takes no longer than another', () => {
  const text = commit(`Change${' '.repeat(200_000)}it`)
  expect(parseCommit(TREE, Buffer.from(text))?.subject).toMatch(/^Change +$/)
})
