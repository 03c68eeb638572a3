import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_PREFIX } from '../../src/contract/index.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'mine', name: 'Mine' })
})
afterAll(() => server.close())

async function signIn(): Promise<Record<string, string>> {
  const answer = await fetch(new URL(`${API_PREFIX}/session`, server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'admin', password: server.password })
  })
  const { csrfToken } = (await answer.json()) as { csrfToken: string }
  return { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '', 'x-csrf-token': csrfToken }
}

describe('the stream of a project', () => {
  it('ends when its user has signed out', async () => {
    const headers = await signIn()
    const stream = await fetch(new URL(`${API_PREFIX}/stream?project=mine`, server.url), { headers })
    const text = stream.text()
    await fetch(new URL(`${API_PREFIX}/session`, server.url), { method: 'DELETE', headers })
    expect(await text).toContain('event: hello')
  })
})
