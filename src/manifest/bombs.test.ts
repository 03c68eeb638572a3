import { expect, test } from 'vitest'
import { parseDefinition } from './definition.ts'
import { catalogue } from './fixtures/catalogue.ts'

/** Small files that ask for more than a server has. Each of them held up, or ended, whoever read it. */

const PAUSE = 'suspend: { duration: 1s }'
const DOUBLED = '"{{inputs.parameters.p}}{{inputs.parameters.p}}"'

function workflow(templates: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  name: bomb
spec:
  entrypoint: t0
  templates:
${templates}`
}

/** Templates t0, t1, …, each of one group of steps, then the last. */
function chain(length: number, steps: (next: string) => string, last: string): string {
  const templates = Array.from({ length }, (_, index) => `    - name: t${index}\n      ${steps(`t${index + 1}`)}\n`)
  return workflow(`${templates.join('')}    - { name: t${length}, ${last} }\n`)
}

function list(length: number, item: (index: number) => string): string {
  return Array.from({ length }, (_, index) => item(index)).join('\n')
}

const twice = (next: string) => `steps: [[{ name: a, template: ${next} }, { name: b, template: ${next} }]]`
const looped = (next: string) => `steps: [[{ name: a, template: ${next}, withItems: [${'1,'.repeat(60)}1] }]]`
const doubled = (next: string) =>
  `inputs: { parameters: [{ name: p, value: 0123456789 }] }
      steps: [[{ name: a, template: ${next}, arguments: { parameters: [{ name: p, value: ${DOUBLED} }] } }]]`
const condition = `${'('.repeat(39)}a == a${')'.repeat(39)}${' || b == c'.repeat(300)}`

test.each<[string, string, string]>([
  ['calls that double, with no step at the end', chain(22, twice, 'steps: []'), 'manifest/too-many-steps'],
  ['calls that double, with a step at the end', chain(20, twice, PAUSE), 'manifest/too-many-steps'],
  ['loops in loops', chain(4, looped, PAUSE), 'manifest/too-many-steps'],
  [
    'a loop of 100,000',
    workflow(`    - { name: t0, steps: [[{ name: a, template: t1, withItems: [${'1,'.repeat(100_000)}] }]] }
    - { name: t1, ${PAUSE} }`),
    'manifest/too-many-steps'
  ],
  [
    'a value that doubles with each call',
    chain(24, doubled, `inputs: { parameters: [{ name: p }] }, ${PAUSE}`),
    'manifest/too-large'
  ],
  [
    'a long condition in a loop',
    workflow(`    - name: t0
      steps: [[{ name: a, template: t1, when: "${condition}", withItems: [${'1,'.repeat(480)}1] }]]
    - { name: t1, ${PAUSE} }`),
    'manifest/too-large'
  ],
  [
    'a long list of groups',
    workflow(`    - name: t0\n      steps:\n${list(15_000, (at) => `        - [{ name: a${at}, template: t1 }]`)}`),
    'manifest/too-many-steps'
  ],
  [
    'a long chain of tasks',
    workflow(`    - name: t0\n      dag:\n        tasks:
${list(4000, (at) => `        - { name: a${at}, template: t1, dependencies: [${at === 0 ? '' : `a${at - 1}`}] }`)}
    - { name: t1, ${PAUSE} }`),
    'manifest/too-many-steps'
  ],
  [
    'a name as long as no report may have it',
    workflow(`    - name: t0
      steps: [[{ name: ${'a'.repeat(400)}, template: t1 }]]\n    - { name: t1, ${PAUSE} }`),
    'manifest/step-name'
  ],
  [
    'a condition turned round again and again',
    workflow(`    - name: t0
      steps: [[{ name: a, template: t1, when: "${'!'.repeat(3900)}true" }]]\n    - { name: t1, ${PAUSE} }`),
    'manifest/when'
  ]
])('%s is refused', (_what, text, code) => {
  const result = parseDefinition(text, { catalogue })
  expect(result.ok).toBe(false)
  expect(result.problems.map((problem) => problem.code)).toContain(code)
  expect(Math.max(...result.problems.map(({ message }) => message.length))).toBeLessThan(700)
})

const CALM = workflow(`    - { name: t0, ${PAUSE} }`)

test.each<[string, string, string]>([
  ['dashes in a row', `${'- '.repeat(60)}a`, 'manifest/not-a-map'],
  ['lines of blanks', `${' '.repeat(500)}\n`.repeat(2000), 'manifest/empty'],
  ['blanks in a placeholder', `a: {{${' '.repeat(1_000_000)}`, 'manifest/syntax'],
  ['dashes in a generated name', CALM.replace('name: bomb', `generateName: ${'-'.repeat(200_000)}a`), 'manifest/name'],
  [
    'colons in an image',
    CALM.replace(PAUSE, `container: { image: "${':'.repeat(200_000)}\\n" }`),
    'manifest/unsupported'
  ],
  ['50,000 keys', list(50_000, (at) => `a${at}: 1`), 'manifest/missing']
])('%s are read in one go', (_what, text, code) => {
  expect(parseDefinition(text, { catalogue }).problems[0]?.code).toBe(code)
})

test('a key that is there twice is told with its line, each time', () => {
  const { problems } = parseDefinition('kind: Workflow\nkind: Workflow\nmetadata:\n  name: a\n  "name": b\n', {
    catalogue
  })
  expect(problems.map(({ message, line, column }) => [message, line, column])).toEqual([
    ['This key is there twice.', 2, 1],
    ['This key is there twice.', 5, 3]
  ])
})

test('a dag that needs everything before it is read, and a task may ask how one far before it ended', () => {
  const tasks = list(300, (at) => {
    const needs = Array.from({ length: at }, (_, before) => `a${before}`).join(', ')
    return `        - { name: a${at}, template: t1, dependencies: [${needs}] }`
  })
  const asks = `        - { name: z, template: t1, dependencies: [a299], when: "{{tasks.a0.status}} == Succeeded" }`
  const text = workflow(`    - name: t0\n      dag:\n        tasks:\n${tasks}\n${asks}\n    - { name: t1, ${PAUSE} }`)
  const result = parseDefinition(text, { catalogue })
  expect(result.ok && result.manifest.steps).toHaveLength(301)
})

test.each([
  ['of keys that are asked for', `kind: Workflow\nspec:\n  ${'? '.repeat(20_000)}a`],
  ['of dashes', `kind: Workflow\nspec:\n  ${'- '.repeat(70)}a`]
])('a depth %s is refused as one, at its line', (_what, text) => {
  const parsed = parseDefinition(text, { catalogue, path: 'deep.yaml' })
  const message = 'This is nested too deeply: at most 64 levels are read.'
  expect(parsed).toMatchObject({ ok: false, problems: [{ code: 'manifest/too-deep', message, line: 3 }] })
})
