import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLogger, systemClock } from '../platform/index.ts'
import { type Bench, openBench } from './fixtures/bench.ts'
import { cart } from './fixtures/workloads.ts'
import { createLocal, localClient, openSocket } from './index.ts'
import { socketPath } from './socket-path.ts'

let bench: Bench

beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

interface Answer {
  status: number
  body: { code?: string; message?: string }
}

/** Sends the chunks as they are, one packet each. */
function send(path: string, chunks: readonly (string | Buffer)[], method = 'POST'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: socketPath(bench.folder), method, path }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as Answer['body'] }))
    })
    asked.on('error', reject)
    for (const chunk of chunks) asked.write(chunk)
    asked.end()
  })
}

test('only its user may open it', async () => {
  expect((await stat(socketPath(bench.folder))).mode & 0o777).toBe(0o600)
})

test.each([
  ['{', 'The body is not JSON.'],
  ['', 'The body is not JSON.'],
  [`${'['.repeat(100_000)}`, 'The body is not JSON.'],
  ['null', 'There are no manifests to apply.'],
  ['{"manifests":{}}', 'There are no manifests to apply.'],
  ['{"manifests":[null]}', 'Object 1: kind is not a text.'],
  ['{"manifests":[{"kind":"Pod","__proto__":{"a":1}}]}', 'Object 1: metadata.name is not a text.']
])('malformed: %s', async (body, message) => {
  expect(await send('/apply', [body])).toMatchObject({ status: 400, body: { message } })
})

test.each([
  ['{"kind":"deployment","namespace":"shop","name":"__proto__","images":{"__proto__":"x"}}', 404],
  ['{"kind":7,"namespace":[],"name":null,"images":"x"}', 404],
  ['[]', 404]
])('an image for what is not there: %s', async (body, status) => {
  expect(await send('/image', [body])).toMatchObject({ status, body: { code: 'local/missing' } })
})

test.each([
  ['/scale', '{"kind":"deployment","name":"x"}', 404],
  ['/restart', '[]', 404],
  ['/delete', 'null', 400],
  ['/delete', '{"kind":"pod","namespace":"shop","name":"x","data":"yes"}', 404],
  ['/delete', '{"kind":"deployment","namespace":"..","name":"../..","data":true}', 404]
])('%s of what is not there: %s', async (path, body, status) => {
  expect(await send(path, [body])).toMatchObject({ status })
})

test.each(['tail=x', 'tail=-1', 'tail=1.5', 'follow=true&tail=x'])('a log with %s is refused', async (query) => {
  expect(await send(`/logs?${query}`, [], 'GET')).toMatchObject({ status: 400, body: { code: 'local/invalid' } })
})

test('what it does not know it names, and goes on', async () => {
  expect(await send('/shutdown', ['{}'])).toMatchObject({
    status: 404,
    body: { message: 'The agent has no POST /shutdown.' }
  })
  expect(await send('//', [], 'GET')).toMatchObject({ status: 400 })
  expect(await send('/logs?namespace=x&name=y', [], 'GET')).toMatchObject({ status: 404 })
  expect(await bench.client.get({})).toEqual({ workloads: [], pods: [], services: [] })
})

test('more than 4 MiB are refused while they come in; a line that is no HTTP is cut off', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 0x20)
  const answer = await send('/apply', Array(6).fill(chunk)).catch((error: NodeJS.ErrnoException) => error.code)
  if (typeof answer === 'string') expect(['EPIPE', 'ECONNRESET']).toContain(answer)
  else expect(answer).toMatchObject({ status: 400, body: { code: 'local/too-large' } })
  const socket = connect(socketPath(bench.folder))
  socket.on('error', () => undefined)
  socket.write('\0\x01\x02 nonsense\r\n\r\n')
  await new Promise((resolve) => socket.resume().once('close', resolve))
  expect((await bench.client.get({})).workloads).toEqual([])
})

test('a letter that is cut in two by the network stays a letter', async () => {
  const manifest = { ...cart({ replicas: 0 }), metadata: { name: 'cart', annotations: { note: 'Grüße' } } }
  const bytes = Buffer.from(JSON.stringify({ manifests: [manifest] }))
  const cut = bytes.indexOf(0xbc)
  expect(await send('/apply', [bytes.subarray(0, cut), bytes.subarray(cut)])).toMatchObject({ status: 200 })
  expect((await bench.client.get({})).workloads[0]?.annotations).toEqual({ note: 'Grüße' })
})

test('a second agent on the folder is refused before it touches anything, and the first goes on', async () => {
  const second = createLocal({
    folder: bench.folder,
    baseEnv: {},
    isolation: 'warden',
    clock: systemClock,
    log: silentLogger()
  })
  await expect(second.start()).rejects.toMatchObject({
    code: 'local/folder-in-use',
    message: expect.stringMatching(/Another agent runs with the folder .*FAULTLINE_AGENT_FOLDER/)
  })
  await second.stop()
  await expect(openSocket(bench.folder, second)).rejects.toMatchObject({ code: 'local/folder-in-use' })
  expect((await bench.client.get({})).workloads).toHaveLength(1)
})

test('a folder that others may enter is refused; without an agent the client says how to start one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-socket-'))
  await expect(localClient(folder).get({})).rejects.toThrow(/No agent answers in .*faultline agent --local/)
  const long = join(folder, 'x'.repeat(100))
  const short = join(socketPath(long), '..')
  await mkdir(short, { mode: 0o755 })
  try {
    await expect(openSocket(long, bench.local)).rejects.toMatchObject({ code: 'local/open-folder' })
  } finally {
    await rm(short, { recursive: true })
    await rm(folder, { recursive: true })
  }
})
