import fc from 'fast-check'
import { expect, it } from 'vitest'
import { eventLines } from './event-lines.ts'

async function* pieces(text: string, sizes: readonly number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  let from = 0
  for (const size of sizes) {
    yield bytes.subarray(from, from + size)
    from += size
  }
  yield bytes.subarray(from)
}

async function read(chunks: AsyncIterable<Buffer>): Promise<unknown[]> {
  const values: unknown[] = []
  for await (const value of eventLines(chunks)) values.push(value)
  return values
}

it('values come whole, wherever the pieces are cut', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 20 }))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), sizes, async (values, cuts) => {
      const text = values.map((value) => `${JSON.stringify(value)}\n`).join('')
      expect(await read(pieces(text, cuts))).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))))
    })
  )
})

it('what stands without an end at the end of the stream is no value', async () => {
  expect(await read(pieces('{"a":1}\n\n{"b":', []))).toEqual([{ a: 1 }])
})

it.each([
  ['that is no JSON', '{"type":"ADDED",\n'],
  ['without an end', ' '.repeat(9 * 1024 * 1024)]
])('a line %s is said', async (_what, text) => {
  await expect(read(pieces(text, []))).rejects.toMatchObject({ code: 'cluster/bad-watch', kind: 'transient' })
})
