import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Guardrails, namespaceProblem } from '../domain/index.ts'
import { narrowedGuardrails } from './own-guardrails.ts'

let folder: string
const GIVEN = { allowedNamespaces: ['shop', 'cart'], maxTargets: 5, maxDurationSeconds: 60 }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-guard-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('without a file the server decides; with one the narrower of both holds', async () => {
  expect(await narrowedGuardrails(folder, GIVEN)).toEqual(GIVEN)
  await writeFile(
    join(folder, 'guardrails.json'),
    '{"allowedNamespaces":["cart","bank"],"maxTargets":9,"maxDurationSeconds":5}'
  )
  expect(await narrowedGuardrails(folder, GIVEN)).toEqual({
    allowedNamespaces: ['cart'],
    maxTargets: 5,
    maxDurationSeconds: 5
  })
})

test('whole nodes are harmed only where both say so', async () => {
  const given = { ...GIVEN, nodeFaults: true }
  expect(await narrowedGuardrails(folder, given)).toEqual(given)
  await writeFile(join(folder, 'guardrails.json'), '{"nodeFaults":true}')
  expect(await narrowedGuardrails(folder, given)).toEqual(given)
  expect(await narrowedGuardrails(folder, GIVEN)).toEqual(GIVEN)
  await writeFile(join(folder, 'guardrails.json'), '{"nodeFaults":false}')
  expect(await narrowedGuardrails(folder, given)).toEqual({ ...GIVEN, nodeFaults: false })
})

test.each([
  '',
  'null',
  '[]',
  '{"maxTarget":1}',
  '{"maxTargets":null}',
  '{"maxTargets":"1"}',
  '{"maxDurationSeconds":-1}',
  '{"allowedNamespaces":"shop"}',
  '{"nodeFaults":1}',
  '{"allowedNamespaces":[1]}'
])('a file that says %s allows nothing', async (text) => {
  await writeFile(join(folder, 'guardrails.json'), text)
  await expect(narrowedGuardrails(folder, GIVEN)).rejects.toMatchObject({
    code: 'agent/bad-guardrails',
    message: expect.stringMatching(/guardrails.json cannot be read .* so nothing is allowed. Mend or remove the file/)
  })
})

test('a folder in its place allows nothing', async () => {
  await mkdir(join(folder, 'guardrails.json'))
  await expect(narrowedGuardrails(folder, GIVEN)).rejects.toMatchObject({ code: 'agent/bad-guardrails' })
})

const names = fc.constantFrom('*', 'shop', 'cart', 'bank', 'kube-system', 'faultline')
const guardrails = fc.record({
  allowedNamespaces: fc.uniqueArray(names, { maxLength: 4 }),
  maxTargets: fc.nat({ max: 20 }),
  maxDurationSeconds: fc.nat({ max: 900 })
})

test('never wider than either, and the deny list holds whatever both say', async () => {
  await fc.assert(
    fc.asyncProperty(guardrails, guardrails, names, async (given, own, namespace) => {
      await writeFile(join(folder, 'guardrails.json'), JSON.stringify(own))
      const both = await narrowedGuardrails(folder, given)
      const allows = (rails: Guardrails) => namespaceProblem(namespace, rails) === null
      expect(allows(both)).toBe(allows(given) && allows(own))
      expect(both.maxTargets).toBe(Math.min(given.maxTargets, own.maxTargets))
      expect(both.maxDurationSeconds).toBe(Math.min(given.maxDurationSeconds, own.maxDurationSeconds))
    })
  )
})
