import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileDefinition, parseDefinition } from './definition.ts'
import { catalogue } from './fixtures/catalogue.ts'
import { TEMPLATES } from './templates.ts'

const OPTIONS = { catalogue }
const [PLAIN] = TEMPLATES

function values(id: string, more: Record<string, string> = {}): Record<string, string> {
  const fields = TEMPLATES.find((template) => template.id === id)?.fields ?? []
  return { ...Object.fromEntries(fields.map((field) => [field.name, field.default])), ...more }
}

const GOOD = PLAIN?.render(values('pod-delete')) ?? ''

function firstProblem(text: string) {
  const result = parseDefinition(text, OPTIONS)
  return result.ok ? result.problems[0] : result.problems.find((problem) => problem.severity === 'error')
}

/** A file of ChaosHub's shape: install step, engine with unquoted placeholders, clean-up step. */
const HUB = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  generateName: argowf-chaos-cart-
  labels:
    infra_id: laptop
spec:
  entrypoint: argowf-chaos
  serviceAccountName: argo-chaos
  securityContext: { runAsUser: 1000 }
  arguments:
    parameters:
      - name: appNamespace
        value: shop
      - name: adminModeNamespace
  templates:
    - name: argowf-chaos
      steps:
        - - name: install-chaos-faults
            template: install-chaos-faults
        - - name: pod-delete
            template: pod-delete
        - - name: cleanup
            template: cleanup
    - name: install-chaos-faults
      container: { image: "litmuschaos/k8s:2.11.0", command: [sh, -c], args: ["kubectl apply -f /tmp/"] }
    - name: pod-delete
      metadata: { labels: { weight: "7" } }
      inputs:
        artifacts:
          - name: pod-delete
            path: /tmp/chaosengine.yaml
            raw:
              data: |
                apiVersion: litmuschaos.io/v1alpha1
                kind: ChaosEngine
                metadata:
                  generateName: pod-delete
                  namespace: {{workflow.parameters.adminModeNamespace}}
                  labels:
                    workflow_run_id: "{{ workflow.uid }}"
                spec:
                  appinfo:
                    appns: {{workflow.parameters.appNamespace}}
                    applabel: "app=cart,tier=web"
                    appkind: deployment
                  experiments:
                    - name: pod-delete
                      spec:
                        components:
                          env:
                            - name: TOTAL_CHAOS_DURATION
                              value: "30"
      container: { image: "docker.io/litmuschaos/litmus-checker:2.11.0" }
    - name: cleanup
      container: { image: "litmuschaos/k8s:2.11.0" }
`

describe('a workflow', () => {
  it.each(TEMPLATES.map((template) => [template.id, template] as const))(
    'of template %s is valid, and runs',
    (id, template) => {
      const result = compileDefinition(template.render(values(id)), { ...OPTIONS, parameters: {} })
      expect(result).toMatchObject({ ok: true, problems: [] })
    }
  )

  it('of ChaosHub’s shape runs unchanged, with parameters given at run time', () => {
    const result = compileDefinition(HUB, {
      ...OPTIONS,
      path: 'litmus/p/cart.yaml',
      parameters: { adminModeNamespace: 'litmus' }
    })
    expect(result).toMatchObject({ ok: true, plan: { workflow: 'cart' } })
    if (!result.ok) return
    expect(result.plan.steps.map(({ id, needs, action }) => [id, needs, action.kind])).toEqual([
      ['install-chaos-faults', [], 'not-needed'],
      ['pod-delete', ['install-chaos-faults'], 'fault'],
      ['cleanup', ['pod-delete'], 'not-needed']
    ])
    const [, step] = result.plan.steps
    expect(step?.action).toMatchObject({
      fault: {
        fault: 'pod-delete',
        weight: 7,
        target: { namespace: 'shop', labels: { app: 'cart', tier: 'web' } },
        tunables: { TOTAL_CHAOS_DURATION: '30' }
      }
    })
  })

  it('is fine without values for its parameters, but does not run without them', () => {
    expect(parseDefinition(HUB, OPTIONS)).toMatchObject({ ok: true, manifest: { infrastructure: 'laptop' } })
    const result = compileDefinition(HUB, { ...OPTIONS, parameters: {} })
    expect(result).toMatchObject({
      ok: false,
      problems: [{ code: 'manifest/parameter', message: expect.stringContaining('adminModeNamespace') }]
    })
  })

  it('takes a value as text, whatever YAML is in it', () => {
    const evil = 'shop\n    appkind: statefulset\nx: [{{workflow.name}}'
    const result = compileDefinition(HUB, { ...OPTIONS, parameters: { appNamespace: evil, adminModeNamespace: 'a' } })
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    const action = result.plan.steps[1]?.action
    expect(action?.kind === 'fault' && action.fault.target).toMatchObject({ namespace: evil, kind: 'deployment' })
  })

  it('may be a dag, and steps within steps', () => {
    const text = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: nested }
spec:
  entrypoint: main
  templates:
    - name: main
      dag:
        tasks:
          - { name: b, template: two, dependencies: [a] }
          - { name: a, template: wait }
          - { name: c, template: wait, depends: "a && b" }
    - name: two
      steps:
        - - { name: one, template: wait }
          - { name: other, template: wait }
        - - { name: last, template: wait }
    - { name: wait, suspend: { duration: "2s" } }
`
    const result = compileDefinition(text, { ...OPTIONS, parameters: {} })
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    expect(Object.fromEntries(result.plan.steps.map(({ id, needs }) => [id, needs]))).toEqual({
      a: [],
      'b/one': ['a'],
      'b/other': ['a'],
      'b/last': ['b/one', 'b/other'],
      c: ['a', 'b/last']
    })
  })
})

describe('a probe', () => {
  const url = /url: ".*"/
  const warned = (text: string) => parseDefinition(text, OPTIONS)

  it('that is judged only when its placeholder is filled is fine until then', () => {
    const open = GOOD.replace(url, 'url: "{{workflow.parameters.address}}"').replace(
      'spec:\n',
      'spec:\n  arguments: { parameters: [{ name: address }] }\n'
    )
    expect(warned(open)).toMatchObject({ ok: true })
    const run = (address: string) => compileDefinition(open, { ...OPTIONS, parameters: { address } })
    expect(run('http://cart.shop/')).toMatchObject({ ok: true })
    expect(run('cart')).toMatchObject({ ok: false, problems: [{ code: 'manifest/probe-inputs' }] })
  })

  it('with an input that nobody reads are warned of', () => {
    const misspelt = GOOD.replace(/^( *)url: .*$/m, (whole, indent) => `${whole}\n${indent}urll: x`)
    expect(warned(misspelt)).toMatchObject({
      ok: true,
      problems: [{ severity: 'warning', message: 'httpProbe: has no input urll; it has no effect.' }]
    })
  })
})

describe('a bad file is answered with a reason and its line', () => {
  const line = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length
  const cases: [string, string, string, number | null][] = [
    ['broken YAML', GOOD.replace('  entrypoint: chaos', '  entrypoint: [chaos'), 'manifest/syntax', null],
    ['an unknown kind', GOOD.replace('kind: Workflow', 'kind: Pod'), 'manifest/unknown-kind', 2],
    ['a name that is none', GOOD.replace('name: my-first-chaos', 'name: My_Chaos'), 'manifest/name', 4],
    ['no name', GOOD.replace('  name: my-first-chaos\n', '  labels: {}\n'), 'manifest/missing', null],
    ['a key twice', GOOD.replace('kind: Workflow', 'kind: Workflow\nkind: Workflow'), 'manifest/syntax', 3],
    ['several documents', `${GOOD}---\n${GOOD}`, 'manifest/several-documents', null],
    [
      'an unknown fault',
      GOOD.replace('- name: pod-delete\n                      spec', '- name: pod-destroy\n                      spec'),
      'manifest/unknown-fault',
      line(GOOD, '- name: pod-delete\n                      spec')
    ],
    [
      'a tunable that does not fit',
      GOOD.replace('value: "15"', 'value: "soon"'),
      'manifest/tunable',
      line(GOOD, 'value: "15"')
    ],
    [
      'an unknown probe',
      GOOD.replace('type: httpProbe', 'type: mindProbe'),
      'manifest/unknown-probe',
      line(GOOD, 'type: httpProbe')
    ],
    [
      'a status that is none',
      GOOD.replace('responseCode: "200"', 'responseCode: "20x"'),
      'manifest/probe-inputs',
      line(GOOD, 'criteria:')
    ],
    ['a URL that is none', GOOD.replace('url: "http', 'url: "ftp'), 'manifest/probe-inputs', line(GOOD, 'url: "http')],
    [
      'a template that is not there',
      GOOD.replace('template: pod-delete', 'template: nowhere'),
      'manifest/unknown-template',
      line(GOOD, 'template: pod-delete')
    ],
    [
      'an image that is not in the table',
      GOOD.replace('litmuschaos/litmus-checker', 'alpine'),
      'manifest/unsupported',
      line(GOOD, 'image:')
    ],
    [
      'a when that cannot be read',
      GOOD.replace('template: pod-delete\n', 'template: pod-delete\n            when: "1 =="\n'),
      'manifest/when',
      line(GOOD, 'template: pod-delete\n') + 1
    ],
    ['a file above 1 MiB', `# ${'x'.repeat(1024 * 1024)}\n${GOOD}`, 'manifest/too-large', null],
    ['no map', 'just text', 'manifest/not-a-map', null],
    ['nothing', '', 'manifest/empty', null]
  ]
  it.each(cases)('%s', (_what, text, code, at) => {
    const problem = firstProblem(text)
    expect(problem?.code).toBe(code)
    if (at !== null) expect(problem?.line).toBe(at)
  })

  it('a template that calls itself', () => {
    const text =
      'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\nspec: {entrypoint: a, templates: [{name: a, steps: [[{name: b, template: a}]]}]}'
    expect(firstProblem(text)?.code).toBe('manifest/recursion')
  })

  it('an alias bomb, at once', () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) => `a${i}: &a${i} [${i === 0 ? '"x"' : `*a${i - 1}, *a${i - 1}, *a${i - 1}`}]`
    )
    const started = performance.now()
    expect(firstProblem(`${levels.join('\n')}\n${GOOD}`)?.code).toBe('manifest/alias-bomb')
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('characters that nothing can hold, written as escapes', () => {
    expect(firstProblem('a: 1\nkind: "\\0"\n')).toMatchObject({ code: 'manifest/characters', line: 2 })
    expect(firstProblem('a: 1\n"\\uD800": b\n')).toMatchObject({ code: 'manifest/characters', line: 2 })
  })

  it('an alias without its anchor', () => {
    expect(firstProblem('a: 1\nb: *nowhere\n')).toMatchObject({ code: 'manifest/alias', line: 2 })
    expect(firstProblem(': *a')?.code).toBe('manifest/alias')
  })

  it('brackets without end', () => {
    expect(firstProblem('['.repeat(100_000))?.code).toBe('manifest/too-deep')
  })

  it('an unknown tunable only warns', () => {
    const result = parseDefinition(GOOD.replace('name: FORCE', 'name: LIB'), OPTIONS)
    expect(result).toMatchObject({ ok: true, problems: [{ severity: 'warning', code: 'manifest/unknown-tunable' }] })
  })
})

describe('whatever the text', () => {
  it('parsing never throws', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('{{', '}}', '&a', '*a', '- ', ': ', '\n', '  ', '"', '[', '{', '---\n', '\uE000')
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => void parseDefinition(pieces.join(''), OPTIONS)),
      { numRuns: 2000 }
    )
    fc.assert(
      fc.property(fc.nat(GOOD.length), fc.nat(40), fc.string(), (at, length, text) => {
        void parseDefinition(GOOD.slice(0, at) + text + GOOD.slice(at + length), OPTIONS)
      }),
      { numRuns: 2000 }
    )
  })

  it('a template’s values stay what they are', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => !/[{}\uE000\uE001]/.test(text)),
        (text) => {
          const url = `http://cart/?q=${text}`
          const result = compileDefinition(PLAIN?.render(values('pod-delete', { url })) ?? '', {
            ...OPTIONS,
            parameters: {}
          })
          const action = result.ok ? result.plan.steps[0]?.action : undefined
          expect(action?.kind === 'fault' && action.fault.probes[0]?.inputs.url).toBe(url)
        }
      )
    )
  })
})

it('a parameter that there is not is refused, with those that there are', () => {
  const reasons = (text: string) => {
    const result = compileDefinition(text, { catalogue, parameters: { secnods: '5' } })
    return result.ok ? [] : result.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)
  }
  const known = parseDefinition(GOOD, OPTIONS)
  const names = known.ok ? known.manifest.parameters.map(({ name }) => name) : []
  expect(reasons(GOOD)).toEqual([
    `The workflow has no parameter secnods: ${names.length === 0 ? 'it takes none' : `there are ${names.join(', ')}`}.`
  ])
})
