import type { CreatedInvitation, Session } from '../../src/contract/index.ts'
import { ApiClient } from '../../src/demo/api-client.ts'
import type { Role } from '../../src/domain/index.ts'
import type { TestServer } from './server.ts'

export const PASSWORD = 'correct horse battery'

/** Invites a person as the admin does, accepts as the person does, and signs in. */
export async function newPerson(
  server: TestServer,
  login: string,
  membership: { project: string; role: Role } | null = null
): Promise<ApiClient> {
  const { link } = await server.api.post<CreatedInvitation>('/invitations', { login, name: login, membership })
  const person = new ApiClient(server.url)
  await person.post('/invitations/accept', { token: new URL(link).hash.slice(1), password: PASSWORD })
  await person.login(login, PASSWORD)
  return person
}

/** What a browser of a signed-in person sends along. */
export async function sessionHeaders(
  server: TestServer,
  login: string,
  password = PASSWORD
): Promise<Record<string, string>> {
  const answer = await fetch(new URL('/api/v1/session', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password })
  })
  const { csrfToken } = (await answer.json()) as Session
  return { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '', 'x-csrf-token': csrfToken }
}
