import { expect, test } from 'vitest'
import { shopWorkflow } from '../demo/shop/workflow.ts'
import { DEFAULT_GUARDRAILS } from '../domain/index.ts'
import { faultSchemas } from '../faults/index.ts'
import { probeSchemas } from '../probes/index.ts'
import { admit } from './admit.ts'

const COMMAND = `cmdProbe/inputs: { command: "df /", comparator: { criteria: contains, value: "/" } }`
const withCommand = shopWorkflow('cart-chaos')
  .replace('type: httpProbe', 'type: cmdProbe')
  .replace(/httpProbe\/inputs:\n(\s+)url:[\s\S]*?(?=\n\s+runProperties)/, COMMAND)

const engine = { kind: 'builtin' as const }
const admitted = (
  text: string,
  allowCommands: boolean,
  more: { id: string; name: string }[] = [],
  nodeFaults = false
) =>
  admit({
    definition: { id: 'd', projectId: 'shop', name: 'cart-chaos', path: 'a.yaml', revision: 1, text, commit: null },
    parameters: {},
    infrastructureId: null,
    infrastructures: [
      { id: 'i', name: 'laptop', aliases: ['old-laptop', 'desk'], isDefault: true, allowCommands, nodeFaults, engine },
      ...more.map((place) => ({ ...place, aliases: [], isDefault: false, allowCommands, nodeFaults, engine }))
    ],
    guardrails: DEFAULT_GUARDRAILS,
    catalogue: { faults: faultSchemas, probes: probeSchemas },
    suspended: null
  })

test('a probe that runs a command is refused where commands are not allowed, and admitted where they are', () => {
  expect(withCommand).toContain(COMMAND)
  expect(admitted(withCommand, false)).toMatchObject({
    kind: 'refuse',
    reason: expect.stringMatching(
      /^Probe .+ runs a command, which infrastructure laptop does not allow.*--allow-commands/
    )
  })
  expect(admitted(withCommand, true)).toMatchObject({ kind: 'run' })
  expect(admitted(shopWorkflow('cart-chaos'), false)).toMatchObject({ kind: 'run' })
})

test('so is one that would change the cluster; one that only looks is admitted', () => {
  const asking = (operation: string) =>
    withCommand
      .replace(
        COMMAND,
        `k8sProbe/inputs: { version: v1, resource: pods, namespace: shop, labelSelector: a=b, operation: ${operation} }`
      )
      .replace('type: cmdProbe', 'type: k8sProbe')
  expect(admitted(asking('delete'), false)).toMatchObject({
    reason: expect.stringMatching(/^Probe .+ makes or deletes objects, which infrastructure laptop does not allow/)
  })
  expect(admitted(asking('present'), false)).toMatchObject({ kind: 'run' })
})

const TAINT = `apiVersion: litmuschaos.io/v1alpha1
kind: ChaosEngine
metadata: { name: taint }
spec:
  engineState: active
  experiments:
    - name: node-taint
      spec: { components: { env: [{ name: TARGET_NODE, value: n1 }] } }
`

test('a fault on whole nodes needs no workload, and is refused where the infrastructure does not allow it to the project', () => {
  expect(admitted(TAINT, false)).toMatchObject({
    kind: 'refuse',
    reason: expect.stringContaining('node-taint harms whole nodes, which infrastructure laptop does not allow')
  })
  expect(admitted(TAINT, false, [], true)).toMatchObject({ kind: 'run' })
  expect(admitted(TAINT.replace('node-taint', 'pod-delete'), false, [], true)).toMatchObject({
    kind: 'refuse',
    reason: expect.stringContaining('appns')
  })
})

test('a file finds its infrastructure by name, id or old name; a name that is one now is nobody else’s old name', () => {
  const placed = (place: string) =>
    admitted(shopWorkflow('cart-chaos').replace('metadata:', `metadata:\n  labels: { infra_id: ${place} }`), false, [
      { id: 'j', name: 'desk' }
    ])
  for (const said of ['laptop', 'i', 'old-laptop']) expect(placed(said)).toMatchObject({ infrastructureId: 'i' })
  expect(placed('desk')).toMatchObject({ infrastructureId: 'j' })
  expect(placed('gone')).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('laptop, desk') })
})
