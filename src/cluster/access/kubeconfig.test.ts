import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { systemClock } from '../../platform/index.ts'
import { inClusterAccess } from './in-cluster.ts'
import { kubeconfigAccess } from './kubeconfig.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-kubeconfig-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function access(cluster: object, user: object = { token: 't' }, context: object = {}) {
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
  return kubeconfigAccess(path, systemClock)
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
  ['a program that signs in', { server }, { exec: { command: 'aws' } }, '"exec", which is not supported'],
  ['a key without its certificate', { server }, { 'client-key-data': 'eA==' }, 'belong together'],
  ['a file that is not there', { server, 'certificate-authority': 'none' }, {}, 'certificate-authority cannot be read']
])('%s is refused in a sentence', async (_what, cluster, user, words) => {
  await expect(access(cluster, user)).rejects.toMatchObject({
    code: 'cluster/bad-kubeconfig',
    message: expect.stringContaining(words)
  })
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
