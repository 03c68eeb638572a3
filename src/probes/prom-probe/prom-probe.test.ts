import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FakeTarget } from '../../engine/fixtures/fake-target.ts'
import { createOutbound, type Outbound } from '../../outbound/index.ts'
import { systemClock } from '../../platform/index.ts'
import { createProbes } from '../index.ts'

const vector = (...values: string[]) => ({
  resultType: 'vector',
  result: values.map((value) => ({ metric: { job: 'cart' }, value: [1435781451.781, value] }))
})
/** what a Prometheus answers to each query, in its own JSON */
const DATA: Record<string, object> = {
  'up{job="cart"}': vector('1'),
  'rate(http_requests_total[5m]) > 0': vector('0.25'),
  none: vector(),
  several: vector('1', '2'),
  nan: vector('NaN'),
  infinite: vector('+Inf'),
  'scalar(up)': { resultType: 'scalar', result: [1435781451.781, '3'] },
  'up[5m]': { resultType: 'matrix', result: [] }
}

const prometheus = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://prometheus')
  const query = url.searchParams.get('query') ?? ''
  const data = DATA[query]
  response.setHeader('content-type', 'application/json')
  if (url.pathname !== '/prefix/api/v1/query') response.writeHead(404).end('404 page not found')
  else if (data !== undefined) response.end(JSON.stringify({ status: 'success', data }))
  else {
    const error = `invalid parameter "query": 1:1: parse error: unexpected ${query}`
    response.writeHead(400).end(JSON.stringify({ status: 'error', errorType: 'bad_data', error }))
  }
})
let outbound: Outbound
let endpoint = ''

beforeAll(async () => {
  prometheus.listen(0, '127.0.0.1')
  await once(prometheus, 'listening')
  const origin = `127.0.0.1:${(prometheus.address() as AddressInfo).port}`
  endpoint = `http://${origin}/prefix/`
  outbound = createOutbound({ allow: [origin], ownPorts: [] })
})

afterAll(async () => {
  await outbound.close()
  prometheus.closeAllConnections()
  prometheus.close()
})

const parse = (inputs: Record<string, unknown>) =>
  createProbes({ outbound })
    .find(({ schema }) => schema.type === 'promProbe')
    ?.parse(inputs)

async function check(query: string, criteria: string, value: string, more: { type?: string; endpoint?: string } = {}) {
  const parsed = parse({ endpoint: more.endpoint ?? endpoint, query, comparator: { type: more.type, criteria, value } })
  if (!parsed?.ok) throw new Error(JSON.stringify(parsed))
  const target = new FakeTarget({ clock: systemClock, replicas: 0, replaceAfterMs: null })
  return parsed.check({ target, namespace: 'shop', timeoutMs: 1000, signal: new AbortController().signal })
}

test.each([
  ['up{job="cart"}', '==', '1', true, 'up{job="cart"}: 1 (wanted == 1)'],
  ['rate(http_requests_total[5m]) > 0', 'between', '[0.2, 0.3]', true, /: 0\.25 \(wanted between \[0\.2, 0\.3\]\)$/],
  ['rate(http_requests_total[5m]) > 0', '>=', '0.5', false, /: 0\.25 \(wanted >= 0\.5\)$/],
  ['scalar(up)', 'oneOf', '[3, 4]', true, /: 3 /],
  ['infinite', '>', '1e300', true, /: \+Inf /],
  ['nan', '!=', '1', false, /: NaN /],
  ['none', '>=', '0', false, /comes to 0 samples, not to one \(wanted >= 0\)$/],
  ['several', '>=', '0', false, /comes to 2 samples/],
  ['up[5m]', '>=', '0', false, /comes to a matrix/],
  ['up{', '>=', '0', false, /bad_data: invalid parameter "query": 1:1: parse error/]
])('%s %s %s: passed %s', async (query, criteria, value, passed, evidence) => {
  const seen = await check(query, criteria, value)
  expect(seen.passed).toBe(passed)
  if (typeof evidence === 'string') expect(seen.evidence).toBe(evidence)
  else expect(seen.evidence).toMatch(evidence)
})

test('values are compared as the type says', async () => {
  expect((await check('scalar(up)', 'matches', '^3$', { type: 'string' })).passed).toBe(true)
  const whole = await check('rate(http_requests_total[5m]) > 0', '<', '1', { type: 'int' })
  expect(whole.passed).toBe(false)
})

test('what is no Prometheus, or nobody, fails and says why', async () => {
  const other = endpoint.replace('/prefix/', '/')
  expect((await check('up', '==', '1', { endpoint: other })).evidence).toMatch(/answered 404, which is no answer/)
  const nobody = await check('up', '==', '1', { endpoint: 'http://127.0.0.1:9/' })
  expect(nobody).toMatchObject({ passed: false, evidence: expect.stringMatching(/FAULTLINE_EGRESS_ALLOW/) })
})

test.each([
  [{ query: 'up', comparator: { criteria: '==', value: '1' } }, /endpoint is missing/],
  [{ endpoint: 'http://p/', comparator: { criteria: '==', value: '1' } }, /query is missing/],
  [
    { endpoint: 'http://p/', queryPath: '/q', query: 'up', comparator: { criteria: '==', value: '1' } },
    /give the query/
  ],
  [{ endpoint: 'http://p/', query: 'up' }, /comparator is missing/],
  [
    { endpoint: 'http://p/', query: 'up', comparator: { criteria: 'contains', value: '1' } },
    /"contains" is none of ==/
  ],
  [{ endpoint: 'http://p/', query: 'up', comparator: { criteria: '>', value: 'many' } }, /value "many" is no number/],
  [{ endpoint: 'http://p/', query: 'up', comparator: { type: 'bool', criteria: '==', value: '1' } }, /type "bool"/]
])('%o is refused', (inputs, reason) => {
  const parsed = parse(inputs)
  expect(parsed?.ok === false && parsed.problems.map(({ message }) => message).join('; ')).toMatch(reason)
})
