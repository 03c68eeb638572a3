import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isAlive } from '../../src/store/embedded/process-identity.ts'
import { readHeld } from '../../tools/testbed/held.ts'
import { KubeApi } from '../../tools/testbed/kube-api.ts'

/** `npm run testbed`, as a person uses it. */
const CLI = join(import.meta.dirname, '../../tools/testbed.ts')
let base: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'faultline-bed-'))
})
afterEach(async () => {
  for (const name of ['one', 'two']) await testbed('down', name)
  rmSync(base, { recursive: true })
})

async function testbed(command: string, name: string): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, [CLI, command, '--folder', join(base, name)], {
    stdio: ['ignore', 'pipe', 'ignore']
  })
  let stdout = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout: stdout.trim() }
}

/** Names of the nodes of the cluster behind a kubeconfig. */
async function nodesBehind(path: string): Promise<string[]> {
  const config = parse(readFileSync(path, 'utf8'))
  const { server: url, 'certificate-authority-data': ca } = config.clusters[0].cluster
  const api = new KubeApi({ url, ca: Buffer.from(ca, 'base64').toString(), token: config.users[0].user.token })
  const nodes = await api.list<{ metadata: { name: string } }>('/api/v1/nodes')
  await api.close()
  return nodes.map(({ metadata }) => metadata.name)
}

const alive = (pids: readonly number[]) => pids.filter((pid) => isAlive(pid))

it('two clusters run side by side, and nothing of one outlives its holder', { timeout: 120_000 }, async () => {
  const [one, two] = await Promise.all([testbed('up', 'one'), testbed('up', 'two')])
  expect(await nodesBehind(one.stdout)).toHaveLength(3)
  expect(await nodesBehind(two.stdout)).toHaveLength(3)
  expect(one.stdout).not.toBe(two.stdout)
  expect(await testbed('up', 'one')).toEqual(one)
  expect(await testbed('status', 'two')).toEqual(two)

  const [first, second] = [readHeld(join(base, 'one')), readHeld(join(base, 'two'))]
  const [ofFirst, ofSecond] = [first, second].map((held) => (held?.programs ?? []).map(({ pid }) => pid))
  expect(ofFirst).toHaveLength(5)
  process.kill(first?.pid ?? 0, 'SIGKILL')
  await expect.poll(() => alive(ofFirst ?? []), { timeout: 10_000 }).toEqual([])
  expect((await testbed('status', 'one')).code).toBe(1)

  expect(alive(ofSecond ?? [])).toHaveLength(5)
  expect((await testbed('down', 'two')).code).toBe(0)
  expect(alive(ofSecond ?? [])).toEqual([])
})
