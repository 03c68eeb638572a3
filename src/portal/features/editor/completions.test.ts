import { expect, test } from 'vitest'
import { shopWorkflow } from '../../../demo/shop/workflow.ts'
import { catalogue } from '../../../main/catalogue.ts'
import { completionsAt } from './completions.ts'

/** The sample's text up to the first place of these words, and what is typed there instead of the rest. */
function at(
  words: string,
  typed = ''
): { labels: string[]; length: number; of: (label: string) => object | undefined } {
  const text = shopWorkflow()
  const pattern = words.split(' ').map(RegExp.escape).join('\\s+')
  const before = text.slice(0, text.search(pattern)) + (new RegExp(pattern).exec(text)?.[0] ?? '')
  const found = completionsAt(before + typed, catalogue)
  const options = found?.options ?? []
  const of = (label: string) => options.find((option) => option.label === label)
  return { labels: options.map(({ label }) => label), length: found?.length ?? 0, of }
}

test('faults stand where a fault is named, with their titles', () => {
  const { labels, length, of } = at('experiments: - name: pod-')
  expect(labels).toEqual(catalogue.faults.map(({ name }) => name))
  expect(length).toBe(4)
  expect(of('pod-delete')).toMatchObject({ detail: expect.any(String), info: expect.any(String) })
})

test('tunables are those of the fault around, with unit and default', () => {
  const { labels, of } = at('env: - name: ')
  expect(labels).toContain('CHAOS_INTERVAL')
  expect(labels).not.toContain('NETWORK_LATENCY')
  expect(of('TOTAL_CHAOS_DURATION')).toMatchObject({ detail: expect.stringMatching(/default \d+ s/) })
})

test('a value is the default, or one of the choices, quoted once', () => {
  const force = '- name: FORCE value: '
  expect(at(force).of('true')).toMatchObject({ apply: '"true"' })
  expect(at(`${force}"`).of('true')).toMatchObject({ apply: 'true' })
})

test('probes have types, modes and inputs', () => {
  expect(at('storefront-answers type: ').labels).toContain('httpProbe')
  expect(at('type: httpProbe mode: ').labels).toContain('Continuous')
  const inputs = 'httpProbe/inputs: '
  expect(at(inputs).labels).toEqual(expect.arrayContaining(['url', 'method']))
  expect(at(`${inputs}url: http`).labels).toEqual([])
  expect(at(inputs, `method:\n${' '.repeat(32)}`).labels).toContain('get')
})

test('an input has its words, and one that stands beside the others is not offered among them', () => {
  const asking = (text: string) =>
    completionsAt(`probe:\n  - type: k8sProbe\n    k8sProbe/inputs:\n      ${text}`, catalogue)?.options.map(
      ({ label }) => label
    )
  expect(asking('operation: ')).toEqual(['present', 'absent', 'create', 'delete'])
  expect(asking('')).toContain('labelSelector')
  expect(asking('')).not.toContain('data')
})

test('the kind of a definition is one of those that are read', () => {
  expect(completionsAt('kind: Cr', catalogue)?.options).toContainEqual({ label: 'CronWorkflow' })
})

test('a policy has its keys, conditions and words', () => {
  const asking = (text: string) =>
    completionsAt(`apiVersion: faultline.dev/v1\nkind: EventPolicy\nspec:\n${text}`, catalogue)?.options.map(
      ({ label }) => label
    ) ?? []
  expect(asking('  ')).toEqual(expect.arrayContaining(['workloads', 'when', 'cooldown']))
  expect(asking('  workloads:\n    ')).toContain('namespaces')
  const any = '  when:\n    any:\n      - '
  expect(asking(any)).toEqual(expect.arrayContaining(['all', 'image', 'path']))
  expect(asking(`${any}image: `)).toEqual(['changed'])
  expect(asking(`${any}image:\n          `)).toEqual(['key', 'from', 'to', 'is', 'version', 'autoscaler'])
  expect(asking(`${any}image:\n          version:\n            - `)).toContain('major')
  expect(asking('  rollout:\n    otherwise: ')).toEqual(['skip', 'run', 'fail'])
  expect(asking('  windows:\n    - ')).toContain('timezone')
  expect(asking('  run:\n    - workflow: ')).toEqual([])
  expect(asking('  run:\n    - parameters:\n        ')).toEqual([])
})

test('elsewhere nothing is offered', () => {
  expect(completionsAt('kind: Workflow\nmetadata:\n  name: ca', catalogue)).toBe(null)
  expect(completionsAt('', catalogue)).toBe(null)
  expect(completionsAt('- - - ][ {', catalogue)).toBe(null)
})
