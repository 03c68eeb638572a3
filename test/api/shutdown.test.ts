import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiClient } from '../../src/demo/api-client.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { startTestServers, type TestServers } from '../harness/servers.ts'

let world: TestServers

beforeAll(async () => {
  world = await startTestServers(5)
})
afterAll(() => world.close())

const ENDS_WITHIN_MS = 3_000

/** Ends one of the servers while somebody waits for an answer of it. */
async function endsWhile(number: number, waits: (api: ApiClient) => Promise<unknown>): Promise<number> {
  const [api, server] = [world.apis[number], world.servers[number]]
  if (api === undefined || server === undefined) throw new Error('no such server')
  const answer = waits(api).catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 300))
  const started = performance.now()
  await server.close()
  await answer
  return performance.now() - started
}

describe('a server that is told to end does so at once, also while', () => {
  const settings = () => ({ url: world.git.url('hangs'), branch: 'main', username: 'x', token: world.gitToken })

  it('a pass, and who asked for it, waits for a git host that hangs', async () => {
    const [api] = world.apis
    await world.git.createRepository('hangs', { branch: 'main' })
    await api?.post('/projects', { id: 'hangs', name: 'Hangs' })
    await api?.put('/projects/hangs/gitops', { ...settings(), pollSeconds: 3600 })
    await api?.post('/projects/hangs/gitops/enable', { create: true })
    world.git.hang(true)
    expect(await endsWhile(0, (at) => at.post('/projects/hangs/gitops/sync'))).toBeLessThan(ENDS_WITHIN_MS)
  })

  it('a connection is tested', async () => {
    const test = (at: ApiClient) => at.post('/projects/hangs/gitops/test', settings())
    expect(await endsWhile(1, test)).toBeLessThan(ENDS_WITHIN_MS)
  })

  it('somebody waits for his edit to be in git', async () => {
    const save = (at: ApiClient) => at.createWorkflow('hangs', shopWorkflow('one'), 'Add one')
    await endsWhile(2, save)
    const waitForIt = async (at: ApiClient) => {
      const { etag, head } = await at.workflow('hangs', 'one')
      await at.saveWorkflow('hangs', 'one', { text: `${head}# more\n`, etag, message: 'More' })
    }
    expect(await endsWhile(3, waitForIt)).toBeLessThan(ENDS_WITHIN_MS)
  })

  it('an agent waits for its tasks', async () => {
    const { registrationToken } = (await world.apis[4]?.post<{ registrationToken: string }>(
      '/projects/hangs/infrastructures',
      { name: 'laptop', kind: 'local' }
    )) ?? { registrationToken: '' }
    const wait = async (at: ApiClient) => {
      const body = { token: registrationToken, kind: 'local', version: '1' }
      const { key } = await at.post<{ key: string }>('/agent/register', body)
      const url = new URL('/api/v1/agent/tasks?wait=25', world.servers[4]?.url)
      await fetch(url, { headers: { authorization: `Bearer ${key}` } })
    }
    expect(await endsWhile(4, wait)).toBeLessThan(ENDS_WITHIN_MS)
  })
})
