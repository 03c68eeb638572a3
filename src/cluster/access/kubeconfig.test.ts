import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type Clock, systemClock } from '../../platform/index.ts'
import { inClusterAccess } from './in-cluster.ts'
import { kubeconfigAccess } from './kubeconfig.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-kubeconfig-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function access(cluster: object, user: object = { token: 't' }, context: object = {}) {
  return kubeconfigAccess(await config(cluster, user, context), systemClock)
}

async function config(cluster: object, user: object, context: object = {}): Promise<string> {
  const path = join(folder, 'config')
  await writeFile(
    path,
    stringify({
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', ...context } }],
      'current-context': 'x'
    })
  )
  return path
}

const server = 'https://127.0.0.1:6443'

it('a token, an authority and a namespace', async () => {
  const data = Buffer.from('PEM').toString('base64')
  const read = await access({ server, 'certificate-authority-data': data }, { token: 't' }, { namespace: 'shop' })
  expect(read).toMatchObject({ ca: 'PEM', namespace: 'shop', certificate: null, from: join(folder, 'config') })
  expect((await read.token())?.reveal()).toBe('t')
})

it('files are looked for beside the kubeconfig', async () => {
  for (const name of ['ca', 'cert', 'key', 'token']) await writeFile(join(folder, name), `${name}\n`)
  const user = { 'client-certificate': 'cert', 'client-key': 'key', tokenFile: 'token' }
  const read = await access({ server, 'certificate-authority': 'ca' }, user)
  expect(read).toMatchObject({ ca: 'ca\n', certificate: { cert: 'cert\n' } })
  expect((await read.token())?.reveal()).toBe('token')
})

it.each([
  ['no server', {}, { token: 't' }, 'no server'],
  ['plain http to elsewhere', { server: 'http://10.0.0.1:80' }, { token: 't' }, 'neither https nor on loopback'],
  ['no check of the server', { server, 'insecure-skip-tls-verify': true }, { token: 't' }, 'skips the check'],
  ['a program that signs in', { server }, { exec: { command: 'aws', apiVersion: 'v1' } }, '--allow-kubeconfig-exec'],
  ['a program without a name', { server }, { exec: { args: ['x'] } }, 'without a command'],
  ['a key without its certificate', { server }, { 'client-key-data': 'eA==' }, 'belong together'],
  ['a file that is not there', { server, 'certificate-authority': 'none' }, {}, 'certificate-authority cannot be read']
])('%s is refused in a sentence', async (_what, cluster, user, words) => {
  await expect(access(cluster, user)).rejects.toMatchObject({
    code: 'cluster/bad-kubeconfig',
    message: expect.stringContaining(words)
  })
})

/** A program of a kubeconfig, as a shell script; each start is a line in `starts`. */
async function program(script: string) {
  const command = join(folder, 'sign-in')
  await writeFile(command, `#!/bin/sh\necho "$1 $REGION" >> ${join(folder, 'starts')}\n${script}\n`, { mode: 0o755 })
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    args: ['get-token'],
    env: [{ name: 'REGION', value: 'eu' }]
  }
  const path = await config({ server }, { exec })
  return kubeconfigAccess(path, clock, { PATH: process.env.PATH })
}
let now = Date.parse('2026-01-01T00:00:00Z')
const clock: Clock = { now: () => new Date(now), sleep: async () => undefined }
const starts = () => readFile(join(folder, 'starts'), 'utf8')

it('a program that may be run tells a token, which is kept until shortly before its end', async () => {
  const answer = { status: { token: 'told', expirationTimestamp: '2026-01-01T00:10:00Z' } }
  const { token } = await program(
    `case "$KUBERNETES_EXEC_INFO" in *ExecCredential*) echo '${JSON.stringify(answer)}';; esac`
  )
  const tokens = await Promise.all([token(), token()])
  expect(tokens.map((one) => one?.reveal())).toEqual(['told', 'told'])
  now += 8 * 60_000
  await token()
  expect(await starts()).toBe('get-token eu\n')
  now += 2 * 60_000
  await token()
  expect(await starts()).toBe('get-token eu\nget-token eu\n')
})

it.each([
  ['that fails', 'echo "no such profile" >&2; exit 1', 'no such profile'],
  ['that talks', 'echo hello', 'its answer is no JSON'],
  ['that tells no token', 'echo \'{"status":{"clientCertificateData":"x"}}\'', 'has no token']
])('a program %s is told in a sentence, and asked again', async (_what, script, words) => {
  const { token } = await program(script)
  for (const _ of [1, 2])
    await expect(token()).rejects.toMatchObject({
      code: 'cluster/no-credentials',
      message: expect.stringContaining(words)
    })
  expect((await starts()).trim().split('\n')).toHaveLength(2)
})

it.each(['', '[]', 'a: [', 'contexts: 3', 'current-context: gone'])('%j is no kubeconfig', async (text) => {
  await writeFile(join(folder, 'config'), text)
  await expect(kubeconfigAccess(join(folder, 'config'), systemClock)).rejects.toMatchObject({
    code: 'cluster/bad-kubeconfig'
  })
})

it('a pod’s own account', async () => {
  const pod = { host: '::1', port: '443', folder, clock: systemClock }
  await expect(inClusterAccess(pod)).rejects.toMatchObject({ code: 'cluster/no-credentials' })
  for (const name of ['ca.crt', 'namespace', 'token']) await writeFile(join(folder, name), name)
  const read = await inClusterAccess(pod)
  expect(read).toMatchObject({ ca: 'ca.crt', namespace: 'namespace', server: new URL('https://[::1]:443') })
  expect((await read.token())?.reveal()).toBe('token')
  await expect(inClusterAccess({ ...pod, host: undefined })).rejects.toMatchObject({ code: 'cluster/no-credentials' })
})
