import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HttpHarm } from '../../engine/index.ts'
import { ConnectionToxics, Toxics } from '../toxics.ts'
import { HttpStream } from './http-stream.ts'

const GET = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'
const HEAD = 'HEAD / HTTP/1.1\r\n\r\n'
const plain = (body: string, more = '') => `HTTP/1.1 200 OK\r\n${more}content-length: ${body.length}\r\n\r\n${body}`
const chunked = (body: string, trailer = '') =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)};x=1\r\n${body}\r\n0\r\n${trailer}\r\n`

/** What the client gets when pod and client have said so, in these pieces. */
async function passed(asked: string, answered: string | Buffer[], harms: HttpHarm[] = []): Promise<string> {
  const toxics = new Toxics()
  harms.forEach(
    (harm, i) => void toxics.add({ id: `${i}`, podUid: 'pod', shape: { kind: 'http', percentage: 100, harm } })
  )
  const stream = new HttpStream(new ConnectionToxics(toxics, 'pod'), () => stream.destroy())
  stream.see(Buffer.from(asked, 'latin1'))
  const got = buffer(stream)
  for (const piece of typeof answered === 'string' ? [Buffer.from(answered, 'latin1')] : answered) stream.write(piece)
  stream.end()
  return (await got).toString('latin1')
}

function cut(text: string, at: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1')
  const ends = [...at.map((one) => one % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end)).filter((piece) => piece.length > 0)
}

const status = (code: number, text: string | null = 'gone'): HttpHarm => ({
  kind: 'answer',
  status: code,
  body: text === null ? null : { text, contentType: 'text/plain', encoding: '' },
  headers: {}
})

const ANSWERS = [plain('hello'), plain(''), chunked('abc'), chunked('x'.repeat(40), 'etag: 1\r\n')]
const pieces = fc.array(fc.nat({ max: 5000 }), { maxLength: 12 })

test('without harm every byte passes as it came, however it is cut', async () => {
  const talk = fc.array(fc.constantFrom(...ANSWERS, 'HTTP/1.1 204 No Content\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n'))
  await fc.assert(
    fc.asyncProperty(
      talk,
      pieces,
      fc.constantFrom('', 'garbage', 'HTTP/1.1 2', '\0\u0001'),
      async (answers, at, rest) => {
        const text = answers.join('') + rest
        expect(await passed(GET.repeat(answers.length), cut(text, at))).toBe(text)
      }
    )
  )
})

test('whatever the bytes are, they pass', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), async (asked, answered) => {
      const text = Buffer.from(answered).toString('latin1')
      expect(
        await passed(
          Buffer.from(asked).toString('latin1'),
          [Buffer.from(answered)].filter((one) => one.length > 0)
        )
      ).toBe(text)
    })
  )
})

test('each of several answers on one connection is changed, however it is framed and cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...ANSWERS), { minLength: 1, maxLength: 6 }),
      pieces,
      async (answers, at) => {
        const got = await passed(GET.repeat(answers.length), cut(answers.join(''), at), [status(503)])
        expect(got.match(/HTTP\/1\.1 503 Service Unavailable\r\n/g)).toHaveLength(answers.length)
        expect(got.match(/content-length: 4\r\n\r\ngone/g)).toHaveLength(answers.length)
        expect(got.toLowerCase()).not.toMatch(/transfer-encoding|hello|abc|xxx/)
      }
    )
  )
})

test('an answer without a body gets none: HEAD, 204, 304; one that had none and may have one is empty', async () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n'
  expect(await passed(HEAD + GET, head + plain('hello'), [status(404)])).toBe(
    'HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n\r\n' +
      'HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n\r\ngone'
  )
  expect(await passed(GET, chunked('abc'), [status(204)])).toBe('HTTP/1.1 204 No Content\r\n\r\n')
  expect(await passed(GET, 'HTTP/1.1 304 Not Modified\r\netag: "1"\r\n\r\n', [status(200, null)])).toBe(
    'HTTP/1.1 200 OK\r\netag: "1"\r\ncontent-length: 0\r\n\r\n'
  )
})

test('an interim answer is not the answer', async () => {
  const got = await passed(GET, `HTTP/1.1 100 Continue\r\n\r\n${plain('hello')}`, [status(500)])
  expect(got).toBe(
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Internal Server Error\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n\r\ngone'
  )
})

test('headers are set and removed, the body stays; two harms add up', async () => {
  const headers: HttpHarm = { kind: 'answer', status: null, body: null, headers: { 'X-New': 'yes', server: '' } }
  const answer = plain('hello', 'Server: nice\r\nx-new: no\r\n')
  expect(await passed(GET, answer, [headers])).toBe('HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX-New: yes\r\n\r\nhello')
  expect(await passed(GET, answer, [status(500), headers])).toBe(
    'HTTP/1.1 500 Internal Server Error\r\ncontent-type: text/plain\r\ncontent-length: 4\r\nX-New: yes\r\n\r\ngone'
  )
})

test.each([
  ['an upgraded connection', GET, 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'],
  ['an answer to nothing', '', plain('hello')],
  ['two lengths', GET, 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello'],
  ['length and chunks', GET, 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['another coding', GET, 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nhello'],
  ['a folded header', GET, 'HTTP/1.1 200 OK\r\na: b\r\n c\r\ncontent-length: 0\r\n\r\n'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\0\0\u0012\u0004'],
  ['another protocol', 'PING\r\n', '+PONG\r\n']
])('%s passes untouched, also while harm is in force', async (_what, asked, answered) => {
  expect(await passed(asked, answered, [status(500)])).toBe(answered)
})
