import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../src/main/server.ts'
import { serverSettings } from '../../src/main/settings.ts'
import { makeSelfSigned } from '../harness/certificates.ts'
import { testDatabase } from '../harness/database.ts'
import { TEMPLATE } from '../harness/database-server.ts'
import { freePort } from '../harness/free-port.ts'

/** A server beyond a laptop: its own certificate, or a proxy in front. */
let closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.toReversed()) await close()
  closing = []
})

interface Reached {
  server: RunningServer
  port: number
  folder: string
}

async function start(
  env: (folder: string) => Record<string, string> | Promise<Record<string, string>>
): Promise<Reached> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-reach-'))
  const database = await testDatabase(TEMPLATE)
  const port = await freePort()
  const settings = serverSettings({
    FAULTLINE_DATA_FOLDER: join(folder, 'data'),
    FAULTLINE_PORT: String(port),
    FAULTLINE_DATABASE_URL: database.url,
    FAULTLINE_LOG_LEVEL: 'silent',
    ...(await env(folder))
  })
  const server = await startServer({ settings, demo: true, path: process.env.PATH ?? '', onGone: () => undefined })
  closing.push(async () => {
    await server.close()
    await database.drop()
    rmSync(folder, { recursive: true })
  })
  return { server, port, folder }
}

interface Wish {
  port: number
  headers?: Record<string, string>
  body?: object
  ca?: string
}

/** One request on a connection of its own, with whatever Host and X-Forwarded-For. */
async function send(
  path: string,
  { port, headers = {}, body, ca }: Wish
): Promise<{ answer: IncomingMessage; said: string }> {
  const options = { host: '127.0.0.1', port, path, agent: false, method: body === undefined ? 'GET' : 'POST' }
  const more = body === undefined ? headers : { 'content-type': 'application/json', ...headers }
  const request =
    ca === undefined ? httpRequest({ ...options, headers: more }) : httpsRequest({ ...options, headers: more, ca })
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  request
    .on('response', resolve)
    .on('error', reject)
    .end(body && JSON.stringify(body))
  const answer = await promise
  return { answer, said: await text(answer) }
}

const signIn = (login: string, password: string) => ({ login, password })

it('with its own certificate it is served by https alone, and cookies are Secure', async () => {
  let ca = ''
  const { server, port } = await start(async (folder) => {
    ca = (await makeSelfSigned(folder)).cert
    return { FAULTLINE_TLS_CERT: join(folder, 'self.pem'), FAULTLINE_TLS_KEY: join(folder, 'self.key') }
  })
  expect(server.url.href).toBe(`https://127.0.0.1:${port}/`)
  const password = (await readFile(server.passwordFile, 'utf8')).trim()
  const { answer } = await send('/api/v1/session', { port, ca, body: signIn('admin', password) })
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['set-cookie']?.[0]).toMatch(/; Secure/)
  // a host with a port of its own is not ours as a whole
  expect(answer.headers).not.toHaveProperty('strict-transport-security')
  await expect(send('/healthz', { port })).rejects.toThrow()
})

it('behind a proxy that is trusted, who tries passwords is known by the address that the proxy has seen', async () => {
  const { port } = await start(() => ({
    FAULTLINE_PUBLIC_URL: 'https://faultline.example',
    FAULTLINE_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8'
  }))
  const attempt = (forwarded: string, login: string) =>
    send('/api/v1/session', {
      port,
      headers: { host: 'faultline.example', 'x-forwarded-for': forwarded },
      body: signIn(login, 'wrong password 1')
    })
  for (let index = 0; index < 50; index++) await attempt('192.0.2.1', `nobody-${index}`)
  const blocked = await attempt('203.0.113.9, 192.0.2.1, 10.0.0.3', 'somebody')
  expect([blocked.answer.statusCode, blocked.said]).toEqual([429, expect.stringContaining('accounts/too-many-tries')])
  const other = await attempt('192.0.2.2', 'somebody')
  expect([other.answer.statusCode, other.said]).toEqual([401, expect.stringContaining('accounts/wrong-login')])
  expect(other.answer.headers['strict-transport-security']).toBe('max-age=15552000')
})

it('nobody else is believed about whom he speaks for', async () => {
  const { port } = await start(() => ({ FAULTLINE_TRUSTED_PROXIES: '10.0.0.0/8' }))
  const attempt = (index: number) =>
    send('/api/v1/session', {
      port,
      headers: { 'x-forwarded-for': `192.0.2.${index}` },
      body: signIn(`nobody-${index}`, 'wrong password 1')
    })
  for (let index = 0; index < 50; index++) await attempt(index)
  expect((await attempt(51)).said).toContain('accounts/too-many-tries')
})
