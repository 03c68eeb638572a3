import { describe, expect, it } from 'vitest'
import { evaluate, type Happening, isOpen, type Observation, selects } from '../../domain/index.ts'
import { catalogue } from '../fixtures/catalogue.ts'
import { parseDefinition } from '../index.ts'

const head = (kind: string, apiVersion: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: releases\nspec:\n`
const indent = (text: string) => text.trim().replace(/^(?=.)/gm, '  ')
const own = (spec: string) => `${head('EventPolicy', 'faultline.dev/v1')}${indent(spec)}\n`
const litmus = (spec: string) => `${head('EventTrackerPolicy', 'eventtracker.litmuschaos.io/v1')}${indent(spec)}\n`

function policy(text: string) {
  const parsed = parseDefinition(text, { catalogue })
  if (!parsed.ok || parsed.manifest.policy === null) throw new Error(JSON.stringify(parsed.problems))
  return parsed.manifest.policy
}

function problems(text: string): string[] {
  return parseDefinition(text, { catalogue }).problems.map(({ line, message }) => `${line}: ${message}`)
}

function state(aspects: Observation['aspects']): Observation {
  const at = '2026-01-01T00:00:00Z'
  return { uid: 'u1', number: 1, kind: 'Deployment', namespace: 'shop', name: 'cart', aspects, rollout: 'healthy', at }
}

function change(before: Observation['aspects'], after: Observation['aspects']): Happening {
  return { kind: 'changed', infrastructure: 'laptop', before: state(before), after: state(after) }
}

const images = (from: string, to: string) => change({ image: { cart: from } }, { image: { cart: to } })
const when = (condition: string) => policy(own(`workloads: {}\nwhen:\n${indent(condition)}`))
const holds = (condition: string, happening: Happening) => evaluate(when(condition), happening).matched

describe('an EventPolicy', () => {
  it('means images where it says nothing else', () => {
    const plain = policy(own('workloads: {}'))
    expect(evaluate(plain, images('cart:v1', 'cart:v2')).matched).toBe(true)
    expect(evaluate(plain, change({ replicas: { replicas: '1' } }, { replicas: { replicas: '2' } })).matched).toBe(
      false
    )
  })

  const cases: [string, Happening, boolean][] = [
    ['image: changed', images('cart:v1', 'cart:v2'), true],
    ['image: {to: "cart:v2*"}', images('cart:v1', 'cart:v2.1'), true],
    ['image: {to: "cart:v3*"}', images('cart:v1', 'cart:v2.1'), false],
    ['image: {key: "log*"}', images('cart:v1', 'cart:v2'), false],
    ['image: {version: [major]}', images('shop/cart:v1.9.0', 'shop/cart:v2.0.0'), true],
    ['image: {version: [major]}', images('shop/cart:1.9.0', 'shop/cart:1.10.0'), false],
    ['image: {version: [minor, patch]}', images('shop/cart:1.9.0', 'shop/cart:1.10.0'), true],
    ['image: {version: [downgrade]}', images('shop/cart:1.10.0', 'shop/cart:1.9.0'), true],
    ['image: {version: [prerelease]}', images('cart:1.0.0-rc.1', 'cart:1.0.0-rc.2'), true],
    ['image: {version: [patch]}', images('cart:latest', 'cart:1.0.1'), false],
    ['replicas: {to: {gt: 9}}', change({ replicas: { replicas: '9' } }, { replicas: { replicas: '10' } }), true],
    ['replicas: {to: {gt: 10}}', change({ replicas: { replicas: '9' } }, { replicas: { replicas: '10' } }), false],
    [
      'resources: {key: "*/limits.memory", to: {lt: 512Mi}}',
      change(
        { resources: { 'cart/limits.memory': '1073741824' } },
        { resources: { 'cart/limits.memory': '268435456' } }
      ),
      true
    ],
    ['env: {key: cart/LEVEL}', change({ env: { 'cart/LEVEL': 'a' } }, { env: { 'cart/LEVEL': 'b' } }), true],
    ['env: {key: cart/LEVEL, to: {absent: true}}', change({ env: { 'cart/LEVEL': 'a' } }, {}), true],
    ['labels: {key: tier, to: [web, api]}', change({}, { labels: { tier: 'api' } }), true],
    ['not: {image: {to: "*-rc*"}}', images('cart:1', 'cart:2-rc1'), false],
    ['all: [{image: changed}, {labels: {key: tier, is: web}}]', images('cart:1', 'cart:2'), false],
    ['any: [{image: changed}, {labels: {key: tier, is: web}}]', images('cart:1', 'cart:2'), true],
    [
      'path: {key: spec.paused, to: "true"}',
      change({ path: { 'spec.paused': 'null' } }, { path: { 'spec.paused': 'true' } }),
      true
    ],
    ['path: {key: spec.other}', change({ path: { 'spec.paused': 'null' } }, { path: { 'spec.paused': 'true' } }), false]
  ]
  it.each(cases)('%s', (condition, happening, expected) => {
    expect(holds(condition, happening)).toBe(expected)
  })

  it('says why, for what matches and for what does not', () => {
    const strict = when('all: [{image: {version: [major]}}, {not: {labels: {key: tier, is: test}}}]')
    expect(evaluate(strict, images('shop/cart:1.0.0', 'shop/cart:1.1.0'))).toEqual({
      matched: false,
      reasons: [
        'The image of deployment/cart changed from shop/cart:1.0.0 to shop/cart:1.1.0, but the version is to move by major and moved by minor.'
      ]
    })
    expect(evaluate(strict, images('shop/cart:1.0.0', 'shop/cart:2.0.0'))).toMatchObject({ matched: true })
  })

  it('selects workloads by namespace, kind, name and labels', () => {
    const { workloads } = policy(
      own('workloads:\n  namespaces: [shop*]\n  kinds: [deployment]\n  names: ["ca*"]\n  labels: {tier: "w*"}')
    )
    const of = (more: Partial<Observation>) => {
      const after = { ...state({ labels: { tier: 'web' } }), ...more }
      return selects(workloads, { kind: 'changed', infrastructure: 'laptop', before: after, after }).matched
    }
    expect(of({})).toBe(true)
    expect([of({ namespace: 'bank' }), of({ kind: 'StatefulSet' }), of({ name: 'web' }), of({ aspects: {} })]).toEqual([
      false,
      false,
      false,
      false
    ])
  })

  it('is for the events that it names', () => {
    const failed = policy(own('workloads: {}\nevents: [rollout-failed]'))
    expect(evaluate(failed, { ...images('cart:1', 'cart:1'), kind: 'rollout-failed' }).matched).toBe(true)
    expect(evaluate(failed, images('cart:1', 'cart:2')).matched).toBe(false)
  })

  it('is open in its windows, over midnight too, by the clock of their zone', () => {
    const { windows } = policy(
      own('workloads: {}\nwindows:\n  - {days: [Mon], from: "22:00", to: "02:00", timezone: Europe/Berlin}')
    )
    const open = (at: string) => isOpen(windows, new Date(at))
    // 1 June 2026 is a Monday, and Berlin is two hours ahead
    expect([open('2026-06-01T19:59:00Z'), open('2026-06-01T20:00:00Z'), open('2026-06-01T23:59:00Z')]).toEqual([
      false,
      true,
      true
    ])
    expect([open('2026-06-02T00:00:00Z'), open('2026-05-31T21:00:00Z')]).toEqual([false, false])
  })

  it.each([
    ['workloads: {}\nwhen: {imge: changed}', '8: There is no condition imge'],
    ['workloads: {}\nwhen: {image: {too: x}}', '8: There is no too here'],
    ['workloads: {}\nwhen: {all: []}', '7: all is empty'],
    ['workloads: {}\nwhen: {path: {key: "a[", to: x}}', 'is no JMESPath expression that is read here'],
    ['workloads: {}\ndebounce: soon', '"soon" is not a duration'],
    ['workloads: {}\nlimit: {runs: many}', 'whole number of runs'],
    ['workloads: {}\nevents: [exploded]', '"exploded" is none of'],
    ['workloads: {}\nwindows: [{from: 9}]', 'time of the day'],
    ['when: {image: changed}', 'spec.workloads is missing']
  ])('with a mistake (%j) is told where it is', (spec, expected) => {
    expect(problems(own(spec)).join('\n')).toContain(expected.replace(/^\d+: /, ''))
  })
})

describe('an expression', () => {
  const said = (key: string) => problems(own(`workloads: {}\nwhen: {path: {key: ${JSON.stringify(key)}}}`)).join()

  it.each([
    'spec.strategy.type',
    'spec.template.spec.containers[?name==`cart`].image | [0]',
    'spec.template.spec.containers[*].[name, image]',
    'length(spec.template.spec.containers)',
    'metadata.labels."app.kubernetes.io/version"',
    'sort_by(spec.template.spec.containers, &name)[].image'
  ])('%s is read', (key) => {
    expect(said(key)).toBe('')
  })

  it.each([
    ['what doubles again and again', '[@,@] | [@,@] | [@,@] | [@,@]'],
    ['what doubles inside', '[[@,@],[@,@]]'],
    ['a value made long', "pad_left('x', `1000000000`)"],
    ['a way back to the root', 'spec.a[?length($.b) > `1`]'],
    ['variables', 'let $x = spec in [$x, $x]'],
    ['a text made of many', "replace(kind, 'D', 'DDDD')"]
  ])('%s is refused', (_what, key) => {
    expect(said(key)).toContain('is no JMESPath expression that is read here')
  })
})

describe("Litmus' EventTrackerPolicy", () => {
  const conditions = (type: string, ...list: string[]) =>
    policy(litmus(`condition_type: ${type}\nconditions:\n${list.map((one) => `  - ${one}`).join('\n')}`))
  const REPLICAS = 'spec.replicas'
  const IMAGE = 'spec.template.spec.containers[0].image'
  const both = (before: [string, string], after: [string, string]) =>
    change(
      { path: { [REPLICAS]: before[0], [IMAGE]: before[1] } },
      { path: { [REPLICAS]: after[0], [IMAGE]: after[1] } }
    )

  it('needs every condition of an "and", also of a value that did not change', () => {
    const sample = conditions(
      'and',
      `{key: ${REPLICAS}, operator: EqualTo, value: "1"}`,
      `{key: "${IMAGE}", operator: EqualTo, value: "nginx:1.18"}`
    )
    expect(evaluate(sample, both(['5', 'nginx:1.17'], ['5', 'nginx:1.18'])).matched).toBe(false)
    expect(evaluate(sample, both(['1', 'nginx:1.17'], ['1', 'nginx:1.18'])).matched).toBe(true)
    expect(evaluate(sample, both(['1', 'nginx:1.18'], ['1', 'nginx:1.18'])).matched).toBe(false)
  })

  it('compares numbers as numbers', () => {
    const more = conditions('or', `{key: ${REPLICAS}, operator: GreaterThan, value: "9"}`)
    expect(evaluate(more, both(['9', 'a'], ['10', 'a'])).matched).toBe(true)
  })

  it('is for workloads that have opted in', () => {
    const { workloads, run } = conditions('and', `{key: ${REPLICAS}, operator: Change}`)
    expect(run).toEqual([])
    expect(selects(workloads, both(['1', 'a'], ['2', 'a'])).matched).toBe(false)
  })

  it.each([
    ['condition_type: xor\nconditions: [{key: a, operator: Change}]', 'neither and nor or'],
    ['conditions: [{key: a, operator: Change}]', 'spec.condition_type is missing'],
    ['condition_type: and\nconditions: [{key: a, operator: Like}]', 'There is no operator Like'],
    ['condition_type: and\nconditions: [{key: a, operator: EqualTo}]', 'The value to compare with is missing']
  ])('with a mistake (%j) is told where it is', (spec, expected) => {
    expect(problems(litmus(spec)).join('\n')).toContain(expected)
  })
})
