import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CheckResult, Gitops, HostKeyList, Preview } from '../../src/contract/index.ts'
import { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'
import { type SshServer, startSshServer } from '../harness/ssh-server.ts'

const run = promisify(execFile)

/** A project connected over SSH as an owner does it in Settings → GitOps: with the key that the server makes. */
let server: TestServer
let ssh: SshServer

beforeAll(async () => {
  server = await startTestServer()
  ssh = await startSshServer(`${server.folder}/ssh`, server.otherPort)
})
afterAll(async () => {
  await ssh.close()
  await server.close()
})

const steps = ({ steps: all }: CheckResult) => Object.fromEntries(all.map(({ name, state }) => [name, state]))

it('generate a key, paste it at the host, confirm the host, test, enable: git and portal agree', async () => {
  await ssh.createRepository('shop')
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  const { publicKey } = await server.api.post<Gitops>('/projects/shop/gitops/ssh-key')
  expect(publicKey).toMatch(/^ssh-ed25519 \S+ faultline shop$/)
  const settings = { url: ssh.url('shop'), branch: 'main', pollSeconds: 3600 }
  await server.api.put('/projects/shop/gitops', settings)

  const test = () => server.api.post<CheckResult>('/projects/shop/gitops/test', {})
  expect(steps(await test())).toMatchObject({ url: 'ok', reach: 'ok', 'host-key': 'failed', authentication: 'skipped' })
  const { keys } = await server.api.post<HostKeyList>('/projects/shop/gitops/host-keys', { url: settings.url })
  expect(keys[0]?.line).toBe(await ssh.hostKey())
  await server.api.put('/projects/shop/gitops', { ...settings, hostKeys: keys[0]?.line })
  expect(steps(await test())).toMatchObject({ 'host-key': 'ok', authentication: 'failed', write: 'skipped' })
  await ssh.authorize(publicKey ?? '')
  expect(steps(await test())).toEqual({
    url: 'ok',
    reach: 'ok',
    'host-key': 'ok',
    authentication: 'ok',
    branch: 'attention',
    write: 'ok'
  })

  expect(await server.api.post<Preview>('/projects/shop/gitops/preview')).toMatchObject({ creates: 'first-commit' })
  await server.api.post('/projects/shop/gitops/enable', { create: true })
  await server.api.createWorkflow('shop', shopWorkflow('one'), 'Add one')
  await inGit(server, 'shop', 'one', shopWorkflow('one'))
  const shown = JSON.stringify(await server.api.gitops('shop'))
  expect(shown).not.toContain('PRIVATE')
  expect(shown).toContain(keys[0]?.fingerprint)
})

it('a changed host key stalls the sync until somebody has confirmed the new one', async () => {
  await ssh.changeHostKey()
  const look = async () => {
    await server.api.post('/projects/shop/gitops/sync')
    return (await server.api.gitops('shop')).sync.code
  }
  await settles(look, 20_000).toBe('git/host-key-changed')
  const edit = await server.api.workflow('shop', 'one')
  const text = `${edit.text}# waits\n`
  await server.api.saveWorkflow('shop', 'one', { text, etag: edit.etag, message: 'Wait', wait: false })
  await settles(() => server.api.workflow('shop', 'one').then(({ syncNote }) => syncNote)).toMatch(/another key/)
  const settings = { url: ssh.url('shop'), branch: 'main', hostKeys: await ssh.hostKey() }
  await server.api.put('/projects/shop/gitops', settings)
  await inGit(server, 'shop', 'one', text)
}, 60_000)

it('a key of one’s own is refused with the reason, and a wrong mixture of address and credential is explained', async () => {
  await server.api.post('/projects', { id: 'own', name: 'Own' })
  const settings = { url: ssh.url('shop'), branch: 'main' }
  const save = (more: object) => server.api.put('/projects/own/gitops', { ...settings, ...more })
  await expect(save({ privateKey: 'no key' })).rejects.toMatchObject({ code: 'git/bad-key' })
  await expect(save({ hostKeys: 'no host key' })).rejects.toMatchObject({ code: 'git/bad-host-keys' })
  const check = await server.api.post<CheckResult>('/projects/own/gitops/test', { ...settings, token: 'a token' })
  expect(steps(check)).toMatchObject({ 'host-key': 'skipped', authentication: 'failed' })
  expect(check.steps.find(({ state }) => state === 'failed')).toMatchObject({
    message: expect.stringContaining('no SSH key yet')
  })
})

it('a key of one’s own with a passphrase, and a whole known_hosts, hashed: connected, and a person’s push arrives', async () => {
  const key = join(server.folder, 'own-key')
  await run('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', 'open sesame 42', '-C', 'own', '-f', key])
  await ssh.authorize((await readFile(`${key}.pub`, 'utf8')).trim())
  const known = join(server.folder, 'known_hosts')
  const other = await readFile(`${key}.pub`, 'utf8')
  await writeFile(known, `git.example.com ${other}[127.0.0.1]:${ssh.port} ${await ssh.hostKey()}\n`)
  await run('ssh-keygen', ['-q', '-H', '-f', known])

  await ssh.createRepository('pass')
  await server.api.post('/projects', { id: 'pass', name: 'Pass' })
  const settings = { url: ssh.url('pass'), branch: 'main', pollSeconds: 1, hostKeys: await readFile(known, 'utf8') }
  const save = (more: object) => server.api.put<Gitops>('/projects/pass/gitops', { ...settings, ...more })
  const privateKey = await readFile(key, 'utf8')
  await expect(save({ privateKey })).rejects.toMatchObject({ code: 'git/wrong-passphrase' })
  await expect(save({ privateKey, passphrase: 'no' })).rejects.toMatchObject({ code: 'git/wrong-passphrase' })
  const saved = await save({ privateKey, passphrase: 'open sesame 42' })
  expect(saved.hostKeys.map(({ line }) => line)).toEqual([await ssh.hostKey()])
  const elsewhere = `github.com ${await ssh.hostKey()}`
  await expect(save({ hostKeys: elsewhere })).rejects.toThrow(/none of the lines is of \[127\.0\.0\.1\]:/)
  expect((await server.api.post<CheckResult>('/projects/pass/gitops/test', {})).ok).toBe(true)
  await server.api.post('/projects/pass/gitops/enable', { create: true })

  const person = await personOf('pass')
  await person.push('litmus/pass/two.yaml', shopWorkflow('two'), 'Add two')
  await inGit(server, 'pass', 'two', shopWorkflow('two'))
  await server.api.createWorkflow('pass', shopWorkflow('three'), 'Add three')
  await inGit(server, 'pass', 'three', shopWorkflow('three'))
  await person.git('pull', '--quiet', '--rebase')
  expect(await person.read('litmus/pass/three.yaml')).toBe(shopWorkflow('three'))
})

/** A clone over SSH by somebody with a key of his own. */
async function personOf(repository: string): Promise<Clone> {
  const key = join(server.folder, 'dana')
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  await ssh.authorize((await readFile(`${key}.pub`, 'utf8')).trim())
  const options = ['-F', '/dev/null', '-i', key, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null']
  const env = { ...process.env, GIT_SSH_COMMAND: ['ssh', '-q', ...options].join(' ') }
  return Clone.make(ssh.url(repository), join(server.folder, 'dana-clone'), env)
}
