import { expect, it } from 'vitest'
import { type CommitSeen, explainCommit, explainPath, type FileSeen, type PushSeen } from './explain.ts'

const COMMIT = 'a'.repeat(40)
const OTHER = 'b'.repeat(40)
const PATH = 'litmus/shop/one.yaml'

const SEEN: PushSeen = {
  enabled: true,
  branch: 'main',
  folder: 'litmus/shop',
  runOnPush: 'changed',
  paused: null,
  stalled: null,
  withheld: [],
  checkedAt: new Date('2026-01-02T03:04:05Z')
}
const GOOD: FileSeen = {
  path: PATH,
  state: 'good',
  problem: null,
  definition: { name: 'one', commit: COMMIT, inConflict: false },
  editWaits: false,
  allows: null
}
const NONE: FileSeen = { ...GOOD, state: null, definition: null }
const INVALID: FileSeen = { ...GOOD, state: 'invalid', problem: { message: 'There is no fault pod-kill.', line: 7 } }
const IN_CONFLICT: FileSeen = { ...GOOD, definition: { name: 'one', commit: COMMIT, inConflict: true } }
const TAKEN: CommitSeen = {
  commit: COMMIT,
  reached: true,
  own: false,
  files: [GOOD],
  changedBy: new Map([[PATH, COMMIT]]),
  overtaken: new Set(),
  added: new Set(),
  asks: [],
  unknown: [],
  started: []
}
const NEWER: CommitSeen = { ...TAKEN, reached: false, files: [] }
const held = (kind: PushSeen['withheld'][number]['kind'], ...paths: string[]) => ({ withheld: [{ kind, paths }] })

it.each<[string, Partial<PushSeen>, FileSeen, string, string]>([
  ['off', { enabled: false }, GOOD, 'off', 'GitOps is off in this project: git is not looked at.'],
  [
    'elsewhere',
    {},
    { ...NONE, path: 'litmus/shop2/one.yaml' },
    'outside',
    'litmus/shop2/one.yaml is not below litmus/shop/, the folder of this project.'
  ],
  [
    'not YAML',
    {},
    { ...NONE, path: 'litmus/shop/one.json' },
    'not-yaml',
    'litmus/shop/one.json is not read: only files that end in .yaml or .yml are.'
  ],
  ['invalid', {}, INVALID, 'invalid', `${PATH}, line 7: There is no fault pod-kill. one stays as it was.`],
  [
    'refused',
    {},
    { ...NONE, state: 'refused', problem: { message: 'It is no text.', line: 1 } },
    'refused',
    `${PATH}, line 1: It is no text.`
  ],
  [
    'in conflict',
    {},
    IN_CONFLICT,
    'conflict',
    `${PATH} was changed in git and here: one waits until a person decides its conflict.`
  ],
  [
    'withheld',
    held('deletions', PATH),
    NONE,
    'withheld',
    `${PATH} is gone from git with many others: its deletion waits for an owner's approval.`
  ],
  [
    'paused',
    { paused: 'GitOps was paused by Ada.' },
    NONE,
    'paused',
    'GitOps was paused by Ada. Git is not looked at until somebody resumes it.'
  ],
  ['no such file', {}, NONE, 'missing', `main has no file ${PATH}; capitals count.`],
  ['here', {}, GOOD, 'taken', `${PATH} is here as one, by commit aaaaaaa.`],
  [
    'with an edit that waits',
    {},
    { ...GOOD, editWaits: true },
    'taken',
    `${PATH} is here as one, by commit aaaaaaa. An edit of it, made here, waits for git.`
  ]
])('a file: %s', (_case, change, file, code, sentence) => {
  expect(explainPath({ ...SEEN, ...change }, file)).toMatchObject({ code, sentence })
})

it.each<[string, Partial<PushSeen>, CommitSeen, string, string]>([
  ['off', { enabled: false }, TAKEN, 'off', 'GitOps is off in this project: git is not looked at.'],
  [
    'not seen',
    {},
    NEWER,
    'not-seen',
    'This commit was not in main when it was looked at, 2026-01-02T03:04:05.000Z: it is in another branch, or newer. Sync now looks again.'
  ],
  ['never looked', { checkedAt: null }, NEWER, 'not-seen', 'Git has not been looked at yet.'],
  [
    'paused',
    { paused: 'GitOps was paused by Ada.' },
    NEWER,
    'paused',
    'GitOps was paused by Ada. Git is not looked at until somebody resumes it.'
  ],
  [
    'stalled',
    { stalled: 'The token is refused.' },
    NEWER,
    'stalled',
    'Git could not be taken as it is: The token is refused.'
  ],
  [
    'rewritten',
    held('rewrite'),
    NEWER,
    'withheld',
    'The history of main was rewritten: nothing is taken from it until an owner approves.'
  ],
  [
    'branch missing',
    held('missing-branch'),
    NEWER,
    'withheld',
    'The branch main is missing: nothing is taken from git until it is back, or an owner approves.'
  ],
  [
    'ours',
    {},
    { ...TAKEN, own: true },
    'own',
    'Faultline made this commit of an edit: its text was here before it was in git.'
  ],
  [
    'elsewhere',
    {},
    { ...TAKEN, files: [] },
    'outside',
    'It changes nothing below litmus/shop/, the folder of this project.'
  ],
  [
    'not YAML',
    {},
    { ...TAKEN, files: [{ ...NONE, path: 'litmus/shop/README.md' }] },
    'not-yaml',
    'Below litmus/shop/ it changes no file that ends in .yaml or .yml, and others are not read.'
  ],
  [
    'invalid among good',
    {},
    { ...TAKEN, files: [{ ...GOOD, path: 'litmus/shop/a.yaml' }, INVALID] },
    'invalid',
    `${PATH}, line 7: There is no fault pod-kill. one stays as it was.`
  ],
  [
    'overtaken',
    {},
    { ...TAKEN, overtaken: new Set([PATH]) },
    'overtaken',
    `${PATH} was changed again by a later commit or a merge, and that text is here.`
  ],
  [
    'the same text',
    {},
    { ...TAKEN, commit: OTHER, changedBy: new Map([[PATH, OTHER]]) },
    'same',
    `${PATH} has the text that one had already, so nothing changed here.`
  ],
  ['deleted', {}, { ...TAKEN, files: [NONE] }, 'taken', `${PATH} is gone from git, and so it is here.`],
  ['a merge', {}, { ...TAKEN, commit: OTHER }, 'taken', `${PATH} is here as one, by aaaaaaa, which it merged.`],
  ['taken', {}, TAKEN, 'taken', `${PATH} is here as one, by this commit.`],
  [
    'never runs',
    { runOnPush: 'never' },
    TAKEN,
    'taken',
    `${PATH} is here as one, by this commit. It starts no run: in this project a push never does.`
  ],
  [
    'no trailer',
    { runOnPush: 'trailer' },
    TAKEN,
    'taken',
    `${PATH} is here as one, by this commit. It starts no run: its message has no trailer Chaos-Run.`
  ],
  [
    'a trailer',
    { runOnPush: 'trailer' },
    { ...TAKEN, asks: ['one'] },
    'taken',
    `${PATH} is here as one, by this commit.`
  ],
  [
    'a trailer of nobody',
    { runOnPush: 'trailer' },
    { ...TAKEN, asks: ['onne'], unknown: ['onne'] },
    'taken',
    `${PATH} is here as one, by this commit. Its trailer Chaos-Run names onne: no workflow here is called so.`
  ],
  [
    'a run',
    {},
    { ...TAKEN, started: ['one', 'two'] },
    'taken',
    `${PATH} is here as one, by this commit. It asked for a run of one, two.`
  ],
  [
    'changed, where only what is added runs',
    { runOnPush: 'added' },
    TAKEN,
    'taken',
    `${PATH} is here as one, by this commit. It starts no run: in this project only a file that is added does, or a trailer Chaos-Run.`
  ],
  [
    'added, where what is added runs',
    { runOnPush: 'added' },
    { ...TAKEN, added: new Set([PATH]) },
    'taken',
    `${PATH} is here as one, by this commit.`
  ],
  [
    'narrowed by its file',
    {},
    { ...TAKEN, files: [{ ...GOOD, allows: 'trailer' }] },
    'taken',
    `${PATH} is here as one, by this commit. It starts no run: ${PATH} lets no such push start it, by its schedule or its annotation faultline.dev/run-on-push.`
  ],
  [
    'with an edit that waits, changed',
    {},
    { ...TAKEN, files: [{ ...GOOD, editWaits: true }] },
    'taken',
    `${PATH} is here as one, by this commit. An edit of it, made here, waits for git.`
  ]
])('a commit: %s', (_case, change, commit, code, sentence) => {
  expect(explainCommit({ ...SEEN, ...change }, commit)).toMatchObject({ code, sentence })
})

it('the line is named for whoever links to it', () => {
  expect(explainPath(SEEN, INVALID)).toMatchObject({ path: PATH, line: 7 })
})
