import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyFiles, parseImages, parseWorkload } from './local-command.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-command-'))
})
afterAll(() => rm(folder, { recursive: true }))

const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
  .split('')
  .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`)}]`)
  .join('\n')}\n`

test.each([
  ['no YAML', 'kind: [', /bad\.yaml: .*line 1/],
  ['an alias bomb', bomb, /bad\.yaml: Excessive alias count/],
  ['a key twice', 'a: 1\na: 2\n', /bad\.yaml: Map keys must be unique/],
  ['nothing but separators', '---\n---\n', /No agent answers/],
  ['what no agent takes', 'kind: Pod\n---\n', /No agent answers in .*faultline agent --local/]
])('%s: one sentence that names the file or what to do', async (_what, text, sentence) => {
  const file = join(folder, 'bad.yaml')
  await writeFile(file, text)
  await expect(applyFiles(folder, [file])).rejects.toMatchObject({
    name: 'AppError',
    message: expect.stringMatching(sentence)
  })
})

test('a file that is not there is named', async () => {
  await expect(applyFiles(folder, ['/no/such.yaml'])).rejects.toThrow(/\/no\/such.yaml cannot be read: ENOENT/)
})

test('images and workloads as people type them', () => {
  expect(parseImages(['cart=shop/cart:v2', 'log=log:1'])).toEqual({ cart: 'shop/cart:v2', log: 'log:1' })
  expect(parseWorkload('deployment/cart')).toEqual({ kind: 'deployment', name: 'cart' })
  for (const wrong of ['cart', '=x', 'cart=', 'a=b=c'])
    expect(() => parseImages([wrong])).toThrow(/form container=image/)
  for (const wrong of ['cart', '/x', 'a/b/c']) expect(() => parseWorkload(wrong)).toThrow(/form kind\/name/)
})
