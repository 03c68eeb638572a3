import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FakeTarget } from '../../engine/fixtures/fake-target.ts'
import { createOutbound } from '../../outbound/index.ts'
import { systemClock } from '../../platform/index.ts'
import { createProbes } from '../index.ts'

const stays = createServer((socket) => socket.on('error', () => undefined).resume())
const closes = createServer((socket) => socket.on('error', () => undefined).resetAndDestroy())
const greets = createServer((socket) => socket.on('error', () => undefined).end('220 here\r\n'))
const portOf = (server: Server) => (server.address() as AddressInfo).port

beforeAll(async () => {
  for (const server of [stays, closes, greets]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
})

afterAll(() => {
  for (const server of [stays, closes, greets]) server.close()
})

const parse = (address: string, allow: readonly string[]) =>
  createProbes({ outbound: createOutbound({ allow, ownPorts: [] }) })
    .find(({ schema }) => schema.type === 'tcpProbe')
    ?.parse({ address })

async function check(address: string, allow: readonly string[] = ['127.0.0.1']) {
  const parsed = parse(address, allow)
  if (!parsed?.ok) throw new Error(JSON.stringify(parsed))
  const target = new FakeTarget({ clock: systemClock, replicas: 0, replaceAfterMs: null })
  return parsed.check({ target, namespace: 'shop', timeoutMs: 1000, signal: new AbortController().signal })
}

test('a connection that stays, or is answered, passes; one that is closed at once does not', async () => {
  const open = await check(`127.0.0.1:${portOf(stays)}`)
  expect(open).toMatchObject({ passed: true, evidence: expect.stringMatching(/: connected in \d+ ms \(wanted/) })
  expect((await check(`127.0.0.1:${portOf(greets)}`)).passed).toBe(true)
  const closed = await check(`127.0.0.1:${portOf(closes)}`)
  expect(closed).toMatchObject({
    passed: false,
    evidence: expect.stringMatching(/(was closed at once|ECONNRESET\.) \(wanted/)
  })
})

test('a refused connection, and an address that is not allowed, fail and say why', async () => {
  const port = portOf(stays)
  await new Promise((resolve) => stays.close(resolve))
  expect((await check(`127.0.0.1:${port}`)).evidence).toMatch(/cannot be reached: ECONNREFUSED/)
  expect((await check('10.0.0.1:80', [])).evidence).toMatch(/is a private address/)
  expect((await check('169.254.169.254:80', ['169.254.169.254'])).evidence).toMatch(/is not called/)
})

test.each(['cart', 'cart:http', 'cart:0', 'cart:70000', 'me:secret@cart:80', 'cart:80/path', ''])(
  'an address like %s is refused',
  (address) => expect(parse(address, [])).toMatchObject({ ok: false })
)
