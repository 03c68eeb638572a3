import { expect, test } from 'vitest'
import { compileDefinition, parseDefinition } from './definition.ts'
import { catalogue } from './fixtures/catalogue.ts'

const HEAD =
  'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: { generateName: shape- }\nspec:\n  entrypoint: main\n'
const WAIT = '    - { name: wait, suspend: { duration: "2s" } }\n'
const ENGINE = (more = '', annotations = '') => `    - name: fault
${more}      inputs:
        artifacts:
          - name: fault
            path: /tmp/engine.yaml
            raw:
              data: |
                apiVersion: litmuschaos.io/v1alpha1
                kind: ChaosEngine
                metadata:
                  generateName: pod-delete
${annotations}                spec:
                  appinfo: { appns: shop, applabel: app=cart, appkind: deployment }
                  experiments:
                    - name: pod-delete
                      spec: { components: { env: [{ name: TOTAL_CHAOS_DURATION, value: "{{workflow.parameters.seconds}}" }] } }
      container: { image: "litmuschaos/litmus-checker:2.11.0" }
`
const PARAMETERS = '  arguments: { parameters: [{ name: seconds, value: "5" }, { name: env }] }\n'

const given = (text: string): Record<string, string> => (text.includes('name: env') ? { env: 'stage' } : {})

function compile(text: string, parameters = given(text)) {
  const result = compileDefinition(text, { catalogue, path: 'litmus/p/shape.yaml', parameters })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return Object.fromEntries(result.plan.steps.map((step) => [step.id, step]))
}

function problems(text: string, parameters: Record<string, string> | null = given(text)) {
  const options = { catalogue, path: 'litmus/p/shape.yaml' }
  const result = parameters ? compileDefinition(text, { ...options, parameters }) : parseDefinition(text, options)
  return result.problems.map(({ code, message, line }) => ({ code, message, line }))
}

test('when, with parameters and the status of an earlier step, is data in the plan', () => {
  const text = `${HEAD}${PARAMETERS}  templates:
    - name: main
      steps:
        - - { name: one, template: fault }
        - - { name: two, template: wait, when: "{{workflow.parameters.env}} in (stage, test) && {{steps.one.status}} == Failed" }
${ENGINE()}${WAIT}`
  expect(compile(text).two?.when).toEqual([
    {
      text: 'stage in (stage, test) && {{steps.one.status}} == Failed',
      condition: {
        kind: 'and',
        of: [
          {
            kind: 'in',
            left: { kind: 'value', value: 'stage' },
            list: [
              { kind: 'value', value: 'stage' },
              { kind: 'value', value: 'test' }
            ]
          },
          {
            kind: 'compare',
            by: '==',
            left: { kind: 'text', parts: [{ told: 'step-status', of: ['one'] }] },
            right: { kind: 'value', value: 'Failed' }
          }
        ]
      }
    }
  ])
  expect(problems(text, null)).toEqual([])
  const line = text.split('\n').findIndex((one) => one.includes('name: two')) + 1
  expect(problems(text.replace('stage, test', 'stage'))).toMatchObject([{ code: 'manifest/when', line }])
  expect(problems(text.replace('steps.one.status', 'steps.two.status'))).toMatchObject([
    { code: 'manifest/when', line }
  ])
  expect(problems(text.replace('{{steps.one.status}}', '{{workflow.status}}'))[0]?.message).toMatch(/exit handler/)
  expect(problems(text.replace('steps.one.status', 'steps.one.outputs.result'))[0]?.message).toMatch(/not known here/)
})

test('depends with statuses, continueOn and steps within steps become conditions on what came before', () => {
  const steps = compile(`${HEAD}  templates:
    - name: main
      dag:
        tasks:
          - { name: a, template: wait, continueOn: { failed: true } }
          - { name: b, template: two, dependencies: [a] }
          - { name: c, template: wait, depends: "b" }
          - { name: mend, template: wait, depends: "b.Failed || !c.Succeeded" }
    - name: two
      steps:
        - - { name: one, template: wait, continueOn: { error: true } }
        - - { name: last, template: wait }
${WAIT}`)
  const well = (...of: string[]) => ({ kind: 'ended', of, as: ['Well'] })
  expect(steps.a?.tolerated).toBe(true)
  expect(steps['b/one']).toMatchObject({ needs: ['a'], after: { kind: 'and', of: [] }, tolerated: true })
  expect(steps['b/last']).toMatchObject({ needs: ['b/one'], after: { kind: 'and', of: [] } })
  expect(steps.c).toMatchObject({ needs: ['b/last'], after: well('b/last') })
  expect(steps.mend?.after).toEqual({
    kind: 'or',
    of: [
      { kind: 'ended', of: ['b/last'], as: ['Failed'] },
      { kind: 'not', of: { kind: 'ended', of: ['c'], as: ['Succeeded'] } }
    ]
  })
})

test('retries, deadlines and parallelism come from the template, templateDefaults or the workflow', () => {
  const text = `${HEAD}${PARAMETERS}  parallelism: 3
  retryStrategy: { limit: 1 }
  templateDefaults: { timeout: 1m }
  templates:
    - name: main
      parallelism: 1
      steps: [[{ name: one, template: fault }, { name: two, template: plain }]]
${ENGINE(`      activeDeadlineSeconds: 30
      retryStrategy: { limit: "2", retryPolicy: Always, backoff: { duration: "1s", factor: 2, cap: 10s, maxDuration: "5m" } }
`)}${ENGINE().replace('name: fault', 'name: plain')}`
  const lanes = [
    { id: '', most: 3 },
    { id: 'main', most: 1 }
  ]
  const { one, two } = compile(text)
  expect(one).toMatchObject({ lanes, deadlineSeconds: 30 })
  expect(one?.retry).toEqual({
    limit: 2,
    policy: 'always',
    backoffMs: 1000,
    factor: 2,
    capMs: 10_000,
    withinMs: 300_000
  })
  expect(two).toMatchObject({ lanes, deadlineSeconds: 60, retry: { limit: 1, policy: 'on-failure' } })
  expect(problems(text.replace('{ limit: 1 }', '{}'))[0]?.code).toBe('manifest/retry')
  expect(problems(text.replace('Always', 'OnTransientError'))[0]?.code).toBe('manifest/retry')
})

test('the exit handler comes last, and may ask how the run ended', () => {
  const { main, ...exit } = compile(`${HEAD}  onExit: bye
  templates:
    - { name: main, suspend: { duration: 1 } }
    - name: bye
      steps: [[{ name: tidy, template: wait }, { name: alarm, template: wait, when: "{{workflow.status}} != Succeeded" }]]
${WAIT}`)
  expect(main?.exit).toBeUndefined()
  expect(Object.entries(exit).map(([id, step]) => [id, step.exit, step.when?.[0]?.text])).toEqual([
    ['onExit/tidy', true, undefined],
    ['onExit/alarm', true, '{{workflow.status}} != Succeeded']
  ])
})

test('a loop over items is written out', () => {
  const steps = compile(
    `${HEAD}  templates:
    - name: main
      steps:
        - - name: each
            template: pause
            withItems: ["1s", { s: 2s }]
            when: "{{item}} != 9s"
            arguments: { parameters: [{ name: s, value: "{{item}}" }] }
        - - { name: after, template: pause, arguments: { parameters: [{ name: s, value: 1s }] } }
    - name: pause
      inputs: { parameters: [{ name: s }] }
      suspend: { duration: "{{inputs.parameters.s}}" }
`.replace('["1s", { s: 2s }]', '[1s, 2s]')
  )
  expect(Object.values(steps).map(({ id, action }) => [id, action])).toEqual([
    ['each(0:1s)', { kind: 'pause', seconds: 1 }],
    ['each(1:2s)', { kind: 'pause', seconds: 2 }],
    ['after', { kind: 'pause', seconds: 1 }]
  ])
  expect(steps.after).toMatchObject({
    needs: ['each(0:1s)', 'each(1:2s)'],
    after: { kind: 'ended', of: ['each(0:1s)', 'each(1:2s)'], as: ['Well'] }
  })
})

test('probes by reference that are not here are warned of, and refused at a run by their names', () => {
  const annotation = `                  annotations: { probeRef: '[{"name":"cart-up","mode":"SOT"}]' }\n`
  const text = `${HEAD}${PARAMETERS}  templates:
    - { name: main, steps: [[{ name: one, template: fault }]] }
${ENGINE('', annotation)}`
  const parsed = parseDefinition(text, { catalogue })
  expect(parsed).toMatchObject({ ok: true, problems: [{ severity: 'warning', code: 'manifest/probe-reference' }] })
  expect(problems(text)).toMatchObject([
    { code: 'manifest/probe-reference', message: expect.stringContaining('cart-up') }
  ])
})
