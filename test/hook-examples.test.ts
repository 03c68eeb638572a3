import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import type { CreatedHook, CreatedToken, Gate } from '../src/contract/index.ts'
import { shopWorkflow } from '../src/demo/shop/workflow.ts'
import { PostedAgent } from './harness/posted-agent.ts'
import { connectProject, settles, startTestServer, type TestServer } from './harness/server.ts'

/** Each example of examples/hooks, as its system reads it, against a real server. */
let server: TestServer
let agent: PostedAgent

beforeAll(async () => {
  server = await startTestServer()
  await connectProject(server, 'shop')
  agent = await PostedAgent.register(server, 'shop', 'laptop')
  for (const name of ['cart', 'cart-resilience']) {
    await server.api.createWorkflow('shop', shopWorkflow(name), `Add ${name}`)
  }
  await server.api.post('/projects/shop/gitops/sync')
})
afterAll(() => server.close())

const textOf = (file: string) => readFileSync(`examples/hooks/${file}`, 'utf8')
const hookOf = (kind: string, workflow = 'cart') =>
  server.api.post<CreatedHook>('/projects/shop/hooks', { name: kind, kind, workflow })
const urlOf = (hook: CreatedHook) => new URL(new URL(hook.hook.url).pathname, server.url)
/** The address of an example, at the server of the test. */
const here = (example: string) => {
  const { pathname, search } = new URL(example)
  return new URL(pathname + search, server.url)
}

/** Not spawnSync: the server that it calls is in this process. */
const run = (script: string, env: NodeJS.ProcessEnv) => promisify(execFile)('sh', [script], { env, timeout: 20_000 })

async function post(url: URL, headers: Record<string, string>, body: string) {
  const answer = await fetch(url, { method: 'POST', headers, body })
  return { status: answer.status, ...((await answer.json()) as object) }
}

it('argo-cd.yaml: the template, filled in as Argo CD does, starts a run', async () => {
  const { data } = parse(textOf('argo-cd.yaml')) as { data: Record<string, string> }
  const service = parse(data['service.webhook.faultline'] ?? '') as {
    url: string
    headers: { name: string; value: string }[]
  }
  const template = parse(data['template.faultline'] ?? '') as { webhook: { faultline: { body: string } } }
  const app = {
    metadata: { name: 'cart' },
    spec: { project: 'shop', destination: { namespace: 'shop' } },
    status: {
      sync: { revision: 'c0ffee', status: 'Synced' },
      health: { status: 'Healthy' },
      summary: { images: ['shop/cart:v2'] }
    }
  }
  const body = template.webhook.faultline.body.replace(/\{\{toJson \.app\.([\w.]+)\}\}/g, (_, path: string) =>
    JSON.stringify(path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], app))
  )
  const hook = await hookOf('argo-cd')
  const headers = service.headers.map(({ name, value }) => [name, value.replace('$faultline-token', hook.secret)])
  expect(service.url).toContain(new URL(hook.hook.url).pathname.replace(hook.hook.id, 'HOOK'))
  expect(await post(urlOf(hook), Object.fromEntries(headers), body)).toMatchObject({
    status: 202,
    outcome: 'triggered'
  })
})

it('flux.yaml: an event that the provider signs starts a run', async () => {
  const [provider] = parseAllDocuments(textOf('flux.yaml')).map((document) => document.toJS())
  expect(provider.spec.type).toBe('generic-hmac')
  const hook = await hookOf('flux')
  expect(provider.spec.address).toContain(new URL(hook.hook.url).pathname.replace(hook.hook.id, 'HOOK'))
  const body = JSON.stringify({
    involvedObject: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', namespace: 'shop', name: 'cart' },
    severity: 'info',
    timestamp: '2026-01-31T09:00:00Z',
    message: 'Helm upgrade succeeded',
    reason: 'UpgradeSucceeded',
    metadata: { revision: '1.2.3', token: 'sha256:1' },
    reportingController: 'helm-controller'
  })
  const signature = `sha256=${createHmac('sha256', hook.secret).update(body).digest('hex')}`
  const headers = { 'content-type': 'application/json', 'x-signature': signature, 'gotk-component': 'helm-controller' }
  expect(await post(urlOf(hook), headers, body)).toMatchObject({ status: 202, outcome: 'triggered' })
})

it('alertmanager.yaml: a group that fires starts a run', async () => {
  const { receivers } = parse(textOf('alertmanager.yaml')) as {
    receivers: { webhook_configs?: { url: string; http_config: { authorization: { type: string } } }[] }[]
  }
  const [receiver] = receivers.flatMap(({ webhook_configs = [] }) => webhook_configs)
  const hook = await hookOf('alertmanager')
  const authorization = `${receiver?.http_config.authorization.type} ${hook.secret}`
  const alert = { status: 'firing', labels: { alertname: 'SlowCart' }, startsAt: '2026-01-31T09:00:00Z' }
  const body = JSON.stringify({ version: '4', groupKey: '{}', status: 'firing', alerts: [alert] })
  expect(await post(urlOf(hook), { authorization, 'content-type': 'application/json' }, body)).toMatchObject({
    status: 202,
    outcome: 'triggered'
  })
})

it('cloudevents.sh: the script starts a run', async () => {
  const hook = await hookOf('cloudevents')
  const env = {
    PATH: process.env.PATH,
    FAULTLINE_HOOK_URL: urlOf(hook).href,
    FAULTLINE_HOOK_TOKEN: hook.secret,
    EVENT_ID: 'build-7',
    REVISION: 'c0ffee'
  }
  const script = await run('examples/hooks/cloudevents.sh', env)
  expect(script.stderr).toBe('')
  expect(JSON.parse(script.stdout)).toMatchObject({ outcome: 'triggered' })
  const again = await run('examples/hooks/cloudevents.sh', env)
  expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'not-triggered' })
})

it('flagger.yaml waits, and argo-rollouts.yaml measures, until a run has passed', async () => {
  const canary = parse(textOf('flagger.yaml')) as { spec: { analysis: { webhooks: { url: string }[] } } }
  const analysis = parse(textOf('argo-rollouts.yaml')) as {
    spec: { metrics: { successCondition: string; failureCondition: string; provider: { web: Web } }[] }
  }
  const { secret } = await server.api.post<CreatedToken>('/tokens', { name: 'cd', scopes: ['read'], project: 'shop' })
  const [webhook] = canary.spec.analysis.webhooks
  const gate = new URL(webhook?.url.replace('TOKEN', secret) ?? '')
  // as Go's client sends what an address has before its host
  const basic = `Basic ${Buffer.from(`${gate.username}:${gate.password}`).toString('base64')}`
  const ask = () =>
    post(here(gate.href), { authorization: basic, 'content-type': 'application/json' }, '{"name":"cart"}')
  const [metric] = analysis.spec.metrics
  const measure = async () => {
    const { url, headers } = metric?.provider.web ?? { url: '', headers: [] }
    const sent = headers.map(({ key, value }) => [key, value.replace('{{args.token}}', secret)])
    const answer = await fetch(here(url.replace('{{args.revision}}', 'c0ffee')), { headers: Object.fromEntries(sent) })
    return { status: answer.status, result: (await answer.json()) as Gate }
  }
  expect(metric).toMatchObject({
    successCondition: 'result.go == true',
    failureCondition: 'result.outcome == "failed"'
  })
  expect(await ask()).toMatchObject({ status: 409 })
  expect(await measure()).toMatchObject({ status: 200, result: { go: false, outcome: 'not-judged' } })

  await server.api.put('/projects/shop/kill-switch', { reason: 'ends what the other examples began' })
  await server.api.delete('/projects/shop/kill-switch')
  const { hook, secret: key } = await server.api.post<CreatedHook>('/projects/shop/hooks', {
    name: 'gated',
    kind: 'argo-cd',
    workflow: 'cart-resilience'
  })
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  await post(here(hook.url), headers, JSON.stringify({ app: 'cart', revision: 'c0ffee' }))
  await agent.completes(await agent.run())
  await settles(measure).toMatchObject({ result: { go: true, outcome: 'passed', score: 100 } })
  expect(await ask()).toMatchObject({ status: 200 })
})

interface Web {
  url: string
  headers: { key: string; value: string }[]
}
