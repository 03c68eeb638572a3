import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FakeTarget } from '../../engine/fixtures/fake-target.ts'
import { createOutbound, type Outbound } from '../../outbound/index.ts'
import { systemClock } from '../../platform/index.ts'
import { createProbes } from '../index.ts'

/** answers with the status in its path; /slow never; /echo with what it got */
const server = createServer(async (request, response) => {
  if (request.url === '/slow') return
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const echo = `${request.method} ${request.headers['content-type']} ${Buffer.concat(chunks)}`
  response.statusCode = Number(request.url?.slice(1)) || 200
  response.end(request.url === '/echo' ? echo : 'all is well\n')
})
let outbound: Outbound
let origin = ''

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `127.0.0.1:${(server.address() as AddressInfo).port}`
  outbound = createOutbound({ allow: [origin], ownPorts: [] })
})

afterAll(async () => {
  await outbound.close()
  server.closeAllConnections()
  server.close()
})

async function check(path: string, method: object, more: object = {}) {
  const [probe] = createProbes({ outbound })
  const parsed = probe?.parse({ url: `http://${origin}${path}`, method, ...more })
  if (!parsed?.ok) throw new Error(JSON.stringify(parsed))
  const target = new FakeTarget({ clock: systemClock, replicas: 0, replaceAfterMs: null })
  return parsed.check({ target, namespace: 'shop', timeoutMs: 1000, signal: new AbortController().signal })
}

const get = (criteria: string, responseCode: string, responseBody = '') => ({
  get: { criteria, responseCode, responseBody }
})

test.each([
  ['/200', get('==', '200'), true],
  ['/503', get('==', '200'), false],
  ['/503', get('!=', '200'), true],
  ['/204', get('oneOf', '[200,204]'), true],
  ['/500', get('oneOf', '[200, 204]'), false],
  ['/299', get('between', '[200,299]'), true],
  ['/404', get('<', '500'), true],
  ['/404', get('>=', '400'), true],
  ['/200', get('==', '200', 'is well'), true],
  ['/200', get('contains', '200', 'is ill'), false],
  ['/200', get('equal', '', 'all is well'), true],
  ['/200', get('matches', '', '^ALL (is|are) w(e+)ll$'), false],
  ['/200', get('matches', '', '(?i)^ALL (is|are) w(e+)ll$'), true],
  ['/200', get('notMatches', '200', 'w[ae]ll'), false]
])('%s by %o: passed %s', async (path, method, passed) => {
  expect((await check(path, method)).passed).toBe(passed)
})

test('the evidence says what was asked, what came, how long it took, and what was expected', async () => {
  const failed = await check('/503', get('==', '200'))
  expect(failed.evidence).toMatch(
    /^GET http:\/\/127\.0\.0\.1:\d+\/503 answered 503 in \d+ ms \(wanted status == 200\)$/
  )
  const ill = await check('/200', get('==', '200', 'ill'))
  expect(ill.evidence).toMatch(
    /answered 200 in \d+ ms, body "all is well\\n" \(wanted status == 200 and body contains "ill"\)$/
  )
  const silent = await check('/slow', get('==', '200'), { responseTimeout: 150 })
  expect(silent).toMatchObject({
    passed: false,
    evidence: expect.stringMatching(/did not answer within 150 ms\. \(wanted/)
  })
})

test('a POST carries its body and type', async () => {
  const post = {
    contentType: 'application/json',
    body: '{"a":1}',
    criteria: 'contains',
    responseBody: 'POST application/json {"a":1}'
  }
  expect(await check('/echo', { post: { ...post, responseCode: '200' } })).toMatchObject({ passed: true })
})

test('nothing listens, or the address is not allowed: a failed check that says why', async () => {
  const [probe] = createProbes({ outbound })
  const parsed = probe?.parse({ url: 'http://169.254.169.254/latest', method: get('==', '200') })
  if (!parsed?.ok) throw new Error('not parsed')
  const target = new FakeTarget({ clock: systemClock, replicas: 0, replaceAfterMs: null })
  const world = { target, namespace: 'shop', timeoutMs: 1000, signal: new AbortController().signal }
  expect(await parsed.check(world)).toMatchObject({ passed: false, evidence: expect.stringMatching(/is not called/) })
})

test.each([
  [{ url: 'ftp://x/', method: get('==', '200') }, /url "ftp:\/\/x\/" is no http/],
  [{ url: 'http://me:secret@x/', method: get('==', '200') }, /^httpProbe: url carries credentials[^@]*$/],
  [{ url: 'http://x/', method: {} }, /exactly one of method.get, method.post is needed/],
  [{ url: 'http://x/', method: get('~', '200') }, /criteria "~" is none of/],
  [{ url: 'http://x/', method: get('==', '[200,201]') }, /"\[200,201\]" is no HTTP status/],
  [{ url: 'http://x/', method: get('==', '20x') }, /is no HTTP status/],
  [{ url: 'http://x/', method: get('==', '') }, /responseCode or responseBody is needed/],
  [{ url: 'http://x/', method: get('matches', '', 'a(') }, /"a\(" is no pattern: .*missing closing/],
  [{ url: 'http://x/', method: { post: { bodyPath: '/x', criteria: '==', responseCode: '200' } } }, /give the body/],
  [{ url: 'http://x/', method: get('==', '200'), responseTimeout: 'soon' }, /responseTimeout "soon"/],
  [{ method: get('==', '200') }, /url is missing/]
])('%o is refused', (inputs, reason) => {
  const parsed = createProbes({ outbound })[0]?.parse(inputs)
  expect(parsed?.ok === false && parsed.problems.map(({ message }) => message).join('; ')).toMatch(reason)
})
