import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from './definition.ts'
import { catalogue } from './fixtures/catalogue.ts'
import { renamedText } from './rename.ts'
import { TEMPLATES } from './templates.ts'

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/)
const plain = `# of the shop
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  labels: { team: cart }
  name: cart # cart it is
spec:
  entrypoint: cart
`

describe('another name in a text', () => {
  it('changes the name alone: comments, order and other places that say it stay', () => {
    expect(renamedText(plain, 'basket')).toBe(plain.replace('name: cart #', 'name: basket #'))
  })

  it.each([
    ['name: cart', 'name: basket'],
    ['name: "cart"', 'name: "basket"'],
    ["name: 'cart'", "name: 'basket'"],
    ['name: &n cart', 'name: &n basket'],
    ['"name": cart', '"name": basket']
  ])('keeps how it is written: %s', (before, after) => {
    expect(renamedText(`metadata:\n  ${before}\n`, 'basket')).toBe(`metadata:\n  ${after}\n`)
    expect(renamedText(`metadata: { ${before}, labels: {} }\n`, 'basket')).toBe(`metadata: { ${after}, labels: {} }\n`)
  })

  it('stands after placeholders too', () => {
    const text = 'a: {{workflow.parameters.very-long-name}}\nmetadata:\n  name: cart\n'
    expect(renamedText(text, 'x')).toBe(text.replace('name: cart', 'name: x'))
  })

  it('leaves a text alone that is named by its file, or that is none', () => {
    for (const text of ['metadata:\n  generateName: cart-\n', 'kind: [', '', 'metadata: cart\n'])
      expect(renamedText(text, 'basket')).toBe(text)
  })

  it('is read back as that name, whatever it looks like to YAML', () => {
    const text =
      TEMPLATES[0]?.render({ name: 'cart', namespace: 'shop', label: 'app=cart', url: 'http://cart:80/' }) ?? ''
    fc.assert(
      fc.property(fc.oneof(label, fc.constantFrom('null', 'true', 'no', 'on', 'y', '1e3', '0x1f', '007')), (name) => {
        const parsed = parseDefinition(renamedText(text, name), { catalogue })
        expect(parsed.ok && parsed.manifest.name).toBe(name)
      }),
      { numRuns: 100 }
    )
  })
})
