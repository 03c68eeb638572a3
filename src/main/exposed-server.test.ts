import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { isLoopbackHost, parseListeners, refuseExposedServer } from './exposed-server.ts'

const uid = process.getuid?.() ?? 0
const OWN = { uid: 65_534, kept: null }

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1B9E 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 00000000:1B9F 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 2 1 0 100 0 0 10 0
   2: 0100007F:1B9E 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
   3: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0:0 00:0 0 7 0 4
   4: 00000000000000000000000000000000:0051 00000000000000000000000000000000:0000 0A 0:0 00:0 0 8 0 5
   5: 0000000000000000FFFF00000100007F:0052 00000000000000000000000000000000:0000 0A 0:0 00:0 0 9 0 6
`

test('the listening sockets are read from the kernel table', () => {
  expect(parseListeners(TABLE)).toEqual([
    { port: 7070, loopback: true, uid: 0 },
    { port: 7071, loopback: false, uid: 1000 },
    { port: 80, loopback: true, uid: 7 },
    { port: 81, loopback: false, uid: 8 },
    { port: 82, loopback: true, uid: 9 }
  ])
})

test.each(['localhost', '127.0.0.1', '127.9.8.7', '[::1]'])('%s is loopback', (host) => {
  expect(isLoopbackHost(host)).toBe(true)
})

test.each(['0.0.0.0', '10.0.0.1', 'faultline.example.com', '127.0.0.1.example.com'])('%s is not', (host) => {
  expect(isLoopbackHost(host)).toBe(false)
})

test('root that could not be given up is refused beside an address beyond loopback, and not beside loopback', async () => {
  const kept = { uid: 0, kept: 'uid 65534 cannot read /root/faultline/src/main/cli.ts' }
  await expect(refuseExposedServer(new URL('http://10.255.255.1:7070'), kept)).rejects.toMatchObject({
    code: 'main/exposed-server',
    message: expect.stringMatching(/reached beyond loopback, and uid 65534 cannot read .* uid of its own/)
  })
  await expect(refuseExposedServer(new URL('http://127.0.0.1:1'), kept)).resolves.toBeUndefined()
})

test.skipIf(process.platform !== 'linux').each([
  ['0.0.0.0', uid, /listens beyond loopback, and runs with the agent's uid/],
  ['127.0.0.1', uid, null],
  ['0.0.0.0', OWN.uid === uid ? 1 : OWN.uid, null]
])('a server that listens on %s, for an agent with uid %i', async (host, agentUid, reason) => {
  const server = createServer().listen(0, host)
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    const url = new URL(`http://localhost:${(server.address() as { port: number }).port}`)
    const judged = refuseExposedServer(url, { uid: agentUid, kept: null })
    if (reason === null) await expect(judged).resolves.toBeUndefined()
    else await expect(judged).rejects.toThrow(reason)
  } finally {
    server.close()
  }
})
