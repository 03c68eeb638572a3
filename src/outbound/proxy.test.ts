import { describe, expect, it } from 'vitest'
import { createOutbound } from './outbound.ts'
import { isException, parseProxy, proxyAddress } from './proxy.ts'

describe('the address of a proxy', () => {
  it.each([
    ['http://proxy.example.com:3128', 'proxy.example.com:3128', '', null],
    ['http://proxy.example.com', 'proxy.example.com', '', null],
    [' https://me:p%40ss@proxy.example.com:8443/ ', 'proxy.example.com:8443', 'me', 'p@ss']
  ])('%s', (text, host, username, password) => {
    const proxy = parseProxy(text)
    expect([proxy.url.host, proxy.username, proxy.password?.reveal() ?? null]).toEqual([host, username, password])
    expect(parseProxy(proxyAddress(proxy))).toEqual(proxy)
  })

  it.each(['proxy.example.com:3128', 'socks5://proxy.example.com', 'http://proxy.example.com/path', ''])(
    '"%s" is none',
    (text) => expect(() => parseProxy(text)).toThrow(/This is no HTTP proxy/)
  )

  it('is not repeated where it is refused: a password may be in it', () => {
    expect(() => parseProxy('http://me:hidden@proxy.example.com/x')).not.toThrow(/hidden/)
    expect(() => parseProxy('http://me:hid%den@proxy.example.com')).toThrow(/not percent-encoded/)
  })
})

describe('hosts that are reached without the proxy', () => {
  it.each([
    ['https://git.example.com/a', 'git.example.com', true],
    ['https://git.example.com/a', 'example.com', true],
    ['https://git.example.com/a', '.example.com', true],
    ['https://notexample.com/a', 'example.com', false],
    ['https://git.example.com:8443/a', 'git.example.com:8443', true],
    ['https://git.example.com/a', 'git.example.com:8443', false],
    ['https://git.example.com/a', 'git.example.com:443', true],
    ['https://10.1.2.3/a', '10.0.0.0/8', true],
    ['https://[fd12::1]/a', 'fd12::/16', true],
    ['https://anything.example.org/a', '*', true],
    ['https://anything.example.org/a', 'EXAMPLE.org', true]
  ])('%s by "%s": %s', (url, entry, without) => {
    expect(isException(new URL(url), [entry])).toBe(without)
  })
})

describe('the way to a host', () => {
  const proxy = parseProxy('http://127.0.0.1:3128')
  const own = parseProxy('http://10.0.0.9:3128')

  it('is through the server’s proxy for https alone, and for what is not excepted', async () => {
    const { route } = createOutbound({ allow: ['127.0.0.1:80'], ownPorts: [], proxy, noProxy: ['140.82.0.0/16'] })
    expect(await route(new URL('https://93.184.215.14/'), null)).toMatchObject({ proxy, to: { address: '127.0.0.1' } })
    expect(await route(new URL('https://140.82.121.4/'), null)).toMatchObject({ proxy: null })
    expect(await route(new URL('http://127.0.0.1/'), null)).toMatchObject({ proxy: null })
  })

  it('is through one’s own where the admin has named it with its port', async () => {
    const { route } = createOutbound({ allow: ['10.0.0.9:3128'], ownPorts: [], proxy })
    expect(await route(new URL('https://93.184.215.14/'), own)).toMatchObject({ proxy: own })
    const open = createOutbound({ allow: ['10.0.0.9', '10.0.0.0/8'], ownPorts: [], proxy })
    await expect(open.route(new URL('https://93.184.215.14/'), own)).rejects.toMatchObject({
      code: 'outbound/proxy-not-allowed',
      details: { allow: '10.0.0.9:3128' }
    })
  })

  it('leads to no forbidden proxy, and not to this server', async () => {
    const to = new URL('https://93.184.215.14/')
    const metadata = createOutbound({ allow: [], ownPorts: [], proxy: parseProxy('http://169.254.169.254') })
    await expect(metadata.route(to, null)).rejects.toMatchObject({ code: 'outbound/blocked' })
    const itself = createOutbound({ allow: ['127.0.0.1:7070'], ownPorts: [7070] })
    const loop = itself.route(to, parseProxy('http://127.0.0.1:7070'))
    await expect(loop).rejects.toMatchObject({ code: 'outbound/blocked' })
  })

  it('a name that has no address here is for the proxy to know; one that has is judged', async () => {
    const { route } = createOutbound({ allow: [], ownPorts: [], proxy })
    expect(await route(new URL('https://git.unknown.invalid/'), null)).toMatchObject({ proxy })
    await expect(route(new URL('https://localhost/'), null)).rejects.toMatchObject({ code: 'outbound/private-host' })
  })
})
