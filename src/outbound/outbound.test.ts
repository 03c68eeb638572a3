import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classOf } from './address.ts'
import { createOutbound } from './outbound.ts'

let server: Server
let port: number

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/slow') return
    if (request.url === '/redirect') response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    else response.end('x'.repeat(request.url === '/large' ? 10_000 : 2))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as { port: number }).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const ASK = { method: 'GET', deadlineMs: 500, maxBytes: 1000 }

describe('addresses', () => {
  it.each([
    ['169.254.169.254', 'forbidden'],
    ['168.63.129.16', 'forbidden'],
    ['fd00:ec2::254', 'forbidden'],
    ['::ffff:169.254.169.254', 'forbidden'],
    ['::ffff:a9fe:a9fe', 'forbidden'],
    ['64:ff9b::a9fe:a9fe', 'forbidden'],
    ['0.0.0.0', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['fe80::1', 'forbidden'],
    ['127.0.0.1', 'private'],
    ['::1', 'private'],
    ['10.1.2.3', 'private'],
    ['::7f00:1', 'private'],
    ['::ffff:0:7f00:1', 'private'],
    ['2002:7f00:1::', 'forbidden'],
    ['fec0::1', 'forbidden'],
    ['64:ff9b:1::7f00:1', 'forbidden'],
    ['::ffff:10.1.2.3', 'private'],
    ['192.168.1.1', 'private'],
    ['fd12::1', 'private'],
    ['140.82.121.4', 'public'],
    ['2606:50c0:8000::153', 'public']
  ])('%s is %s', (address, kind) => {
    expect(classOf(address)).toBe(kind)
  })
})

describe('the egress guard', () => {
  const cases: [string, string[], string][] = [
    ['http://169.254.169.254/latest', ['169.254.169.254'], 'outbound/blocked'],
    ['http://2852039166/', [], 'outbound/blocked'],
    ['http://0x7f.1/', [], 'outbound/private-host'],
    ['https://127.0.0.1/', [], 'outbound/private-host'],
    ['https://10.0.0.1/', ['10.0.0.2'], 'outbound/private-host'],
    ['http://10.0.0.1/', ['10.0.0.1:80'], 'outbound/blocked'],
    ['http://140.82.121.4/', [], 'outbound/blocked'],
    ['ftp://140.82.121.4/', [], 'outbound/blocked'],
    ['https://127.0.0.1:7070/', ['127.0.0.1:7070'], 'outbound/blocked']
  ]
  it.each(cases)('%s with %j allowed: %s', async (url, allow, code) => {
    const outbound = createOutbound({ allow, ownPorts: [7070] })
    await expect(outbound.admit(new URL(url))).rejects.toMatchObject({ code })
  })

  it('speaks plain http to what is named, where that is asked for, and to nobody else', async () => {
    const outbound = createOutbound({ allow: ['10.96.0.0/12'], ownPorts: [], plainHttp: 'allowed' })
    expect(await outbound.admit(new URL('http://10.96.3.4:8080/'))).toEqual({ address: '10.96.3.4', family: 4 })
    for (const url of ['http://10.0.0.1/', 'http://140.82.121.4/', 'http://169.254.169.254/'])
      await expect(outbound.admit(new URL(url))).rejects.toMatchObject({ kind: 'stalled' })
  })

  it('lets private hosts pass that the admin has named', async () => {
    const outbound = createOutbound({ allow: ['10.0.0.0/24', '127.0.0.1:3000'], ownPorts: [] })
    expect(await outbound.admit(new URL('https://10.0.0.7/'))).toEqual({ address: '10.0.0.7', family: 4 })
    expect(await outbound.admit(new URL('http://127.0.0.1:3000/'))).toEqual({ address: '127.0.0.1', family: 4 })
  })
})

describe('a request', () => {
  it('is bounded in bytes and time, and follows no redirect', async () => {
    const outbound = createOutbound({ allow: [`127.0.0.1:${port}`], ownPorts: [] })
    const url = (path: string) => new URL(`http://127.0.0.1:${port}${path}`)
    expect((await outbound.request(url('/'), ASK)).body.toString()).toBe('xx')
    expect((await outbound.request(url('/redirect'), ASK)).status).toBe(302)
    await expect(outbound.request(url('/large'), ASK)).rejects.toMatchObject({ code: 'outbound/too-large' })
    await expect(outbound.request(url('/slow'), ASK)).rejects.toMatchObject({ code: 'outbound/timeout' })
    await outbound.close()
  })
})
