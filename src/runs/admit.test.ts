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

const admitted = (text: string, allowCommands: boolean) =>
  admit({
    definition: { id: 'd', projectId: 'shop', name: 'cart-chaos', path: 'a.yaml', revision: 1, text, commit: null },
    parameters: {},
    infrastructureId: null,
    infrastructures: [{ id: 'i', name: 'laptop', isDefault: true, allowCommands }],
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
