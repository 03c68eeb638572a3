import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CreatedHook, CreatedInvitation, CreatedToken, Registered } from '../../src/contract/index.ts'
import type { ApiClient } from '../../src/demo/api-client.ts'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { newPerson, PASSWORD, sessionHeaders } from '../harness/people.ts'
import { connectProject, startTestServer, type TestServer } from '../harness/server.ts'

export const PROJECT = 'shop'

/** A server in use: a project in git with a workflow and a run, an infrastructure, people of each role. */
export interface World {
  server: TestServer
  /** what each path parameter may be to find something */
  known: Readonly<Record<string, readonly string[]>>
  /** headers of each kind of caller */
  callers: Readonly<Record<Caller, Record<string, string>>>
  /** what no answer may contain, by what it is */
  secrets: Readonly<Record<string, string>>
}

const NIGHTLY = `
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: { name: nightly }
spec:
  schedule: 0 3 * * *
  workflowSpec:
    entrypoint: wait
    templates: [{ name: wait, suspend: { duration: 1s } }]
`

export const CALLERS = ['admin', 'owner', 'executor', 'viewer', 'outsider', 'stranger', 'agent'] as const
export type Caller = (typeof CALLERS)[number]

export async function makeWorld(): Promise<World> {
  const server = await startTestServer()
  await connectProject(server, PROJECT)
  await server.api.createWorkflow(PROJECT, shopWorkflow('cart'), 'Add cart')
  await until('cart is in git', 10, async () => (await server.api.workflow(PROJECT, 'cart')).sync === 'in-git')
  const edit = await server.api.createWorkflow(PROJECT, NIGHTLY, 'Add nightly')
  const deleted = await deletedDefinition(server.api)
  const agentKey = await agentOf(server)
  const { request, run } = await runOf(server.api)
  const callers = await callersOf(server, agentKey)
  const { token, secret: apiToken } = await server.api.post<CreatedToken>('/tokens', {
    name: 'pipeline',
    scopes: ['run'],
    project: null,
    days: 30
  })
  const { secret } = await server.api.post<{ secret: string }>(`/projects/${PROJECT}/gitops/hook-secret`)
  const { hook, secret: hookSecret } = await server.api.post<CreatedHook>(`/projects/${PROJECT}/hooks`, {
    name: 'alerts',
    kind: 'alertmanager',
    workflow: 'cart'
  })
  const { invitation, link } = await server.api.post<CreatedInvitation>('/invitations', {
    login: 'guest',
    name: 'guest',
    membership: null
  })
  const known = {
    project: [PROJECT],
    name: ['cart', 'nightly'],
    edit: [edit.id],
    request: [request],
    run: [run],
    definition: [deleted],
    number: ['1'],
    login: ['viewer'],
    token: [token.id],
    invitation: [invitation.id],
    hook: [hook.id]
  }
  const secrets = {
    'the git token': server.gitToken,
    'the first password': server.password,
    "a person's password": PASSWORD,
    'the agent key': agentKey,
    'an API token': apiToken,
    "the webhook's secret": secret,
    "a hook's secret": hookSecret,
    "the invitation's token": new URL(link).hash.slice(1),
    "the owner's session": callers.owner.cookie?.split('=')[1] ?? '',
    'the key that seals': (await readFile(join(server.folder, 'server', 'secret.key'), 'utf8')).trim(),
    'a hash of a password': '$argon2',
    'an SSH key': Buffer.from('openssh-key-v1').toString('base64').slice(0, 18)
  }
  return { server, known, callers, secrets }
}

async function deletedDefinition(api: ApiClient): Promise<string> {
  await api.createWorkflow(PROJECT, shopWorkflow('gone'), 'Add gone')
  const inGit = async () => (await api.workflow(PROJECT, 'gone')).sync === 'in-git' && api.workflow(PROJECT, 'gone')
  const { definition, etag } = await until('gone is in git', 10, inGit)
  await api.deleteWorkflow(PROJECT, 'gone', etag)
  await until('gone is gone', 10, async () => !(await api.workflows(PROJECT)).items.some(({ name }) => name === 'gone'))
  return definition ?? ''
}

async function agentOf({ api }: TestServer): Promise<string> {
  const { registrationToken } = await api.post<{ registrationToken: string }>(`/projects/${PROJECT}/infrastructures`, {
    name: 'laptop',
    kind: 'local'
  })
  const { key } = await api.post<Registered>('/agent/register', {
    token: registrationToken,
    kind: 'local',
    version: '1'
  })
  return key
}

async function runOf(api: ApiClient): Promise<{ request: string; run: string }> {
  const { id } = await api.startRun(PROJECT, 'cart')
  await until('the run is admitted', 10, async () => (await api.runRequest(PROJECT, id)).state === 'admitted')
  return { request: id, run: (await api.runRequest(PROJECT, id)).run ?? '' }
}

async function callersOf(server: TestServer, agentKey: string): Promise<World['callers']> {
  await newPerson(server, 'second', { project: PROJECT, role: 'owner' })
  await newPerson(server, 'executor', { project: PROJECT, role: 'executor' })
  await newPerson(server, 'viewer', { project: PROJECT, role: 'viewer' })
  await newPerson(server, 'outsider')
  return {
    admin: await sessionHeaders(server, 'admin', server.password),
    owner: await sessionHeaders(server, 'second'),
    executor: await sessionHeaders(server, 'executor'),
    viewer: await sessionHeaders(server, 'viewer'),
    outsider: await sessionHeaders(server, 'outsider'),
    stranger: {},
    agent: { authorization: `Bearer ${agentKey}` }
  }
}
