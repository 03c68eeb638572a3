import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { faultline } from './harness/command.ts'

/** `faultline policy test`: offline, and with nothing set. */
let folder: string
const file = (name: string) => join(folder, name)

const POLICY = `apiVersion: faultline.dev/v1
kind: EventPolicy
metadata: {name: releases}
spec:
  workloads: {names: [cart]}
  when: {image: {key: cart, version: [major, minor]}}
  run:
    - workflow: cart-chaos
      parameters: {release: "{{change.image.cart.after}}"}
`
const cart = (image: string) =>
  `kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {spec: {containers: [{name: cart, image: ${JSON.stringify(image)}}]}}}
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-policy-'))
  await writeFile(file('policy.yaml'), POLICY)
  await writeFile(file('v1.yaml'), cart('shop/cart:1.0.0'))
  await writeFile(file('v1.0.1.yaml'), cart('shop/cart:1.0.1'))
  await writeFile(file('v2.yaml'), cart('shop/cart:2.0.0'))
})
afterAll(() => rm(folder, { recursive: true }))

const tested = (before: string, after: string, ...more: string[]) =>
  faultline(['policy', 'test', file('policy.yaml'), '--change', file(before), file(after), ...more]).ended

it('0: it matches; what it would run, and with which parameters', async () => {
  const { code, stdout } = await tested('v1.yaml', 'v2.yaml')
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `releases: matches
  The image of deployment/cart changed from shop/cart:1.0.0 to shop/cart:2.0.0.
  runs cart-chaos release="shop/cart:2.0.0"
What changed:
  the image of deployment/cart changed from shop/cart:1.0.0 to shop/cart:2.0.0
`
  })
})

it('1: it does not, and why; as JSON too', async () => {
  const { code, stdout } = await tested('v1.yaml', 'v1.0.1.yaml', '--output', 'json')
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    matched: false,
    selected: { matched: true },
    condition: {
      matched: false,
      reasons: [expect.stringContaining('but the version is to move by major or minor and moved by patch.')]
    },
    runs: []
  })
})

it('2: a file that is not valid, with its line', async () => {
  await writeFile(file('bad.yaml'), POLICY.replace('version:', 'versoin:'))
  const change = ['--change', file('v1.yaml'), file('v2.yaml')]
  const bad = await faultline(['policy', 'test', file('bad.yaml'), ...change]).ended
  expect(bad.code).toBe(2)
  expect(bad.stderr).toMatch(/bad\.yaml:6:\d+: error: There is no versoin here/)
})

it('2: not two files', async () => {
  const one = await faultline(['policy', 'test', file('policy.yaml'), '--change', file('v1.yaml')]).ended
  expect([one.code, one.stderr]).toEqual([
    2,
    'faultline: --change takes two files: the workload as it was, and as it is.\n'
  ])
})
