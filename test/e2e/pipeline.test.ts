import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CreatedInfrastructure, CreatedToken } from '../../src/contract/index.ts'
import { shopManifests } from '../../src/demo/shop/manifest.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { type Command, faultline } from '../harness/command.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

/** What a pipeline does, with a real agent, real workloads and real harm. */
let server: TestServer
let scratch: string
let agent: Command
let env: Record<string, string>

const command = (...args: string[]) => faultline(args, env)
const run = (name: string, ...more: string[]) => command('run', name, '-p', 'shop', '--wait', '-o', 'json', ...more)

beforeAll(async () => {
  server = await startTestServer()
  scratch = await mkdtemp(join(tmpdir(), 'faultline-pipeline-'))
  await chmod(scratch, 0o711)
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  const place = { name: 'laptop', kind: 'local' }
  const created = await server.api.post<CreatedInfrastructure>('/projects/shop/infrastructures', place)
  const wish = { name: 'pipeline', scopes: ['run'], project: 'shop' }
  const { secret } = await server.api.post<CreatedToken>('/tokens', wish)
  env = { FAULTLINE_SERVER_URL: server.url.href, FAULTLINE_AGENT_FOLDER: join(scratch, 'agent') }
  agent = faultline(['agent', '--local'], { ...env, FAULTLINE_AGENT_TOKEN: created.registrationToken })
  env.FAULTLINE_TOKEN = secret
  const long = shopWorkflow('long').replaceAll('value: "4"', 'value: "60"').replaceAll('value: "5"', 'value: "60"')
  await server.api.createWorkflow('shop', shopWorkflow('quick'), 'Add quick')
  await server.api.createWorkflow('shop', long, 'Add long')
})
afterAll(async () => {
  agent.process.kill('SIGTERM')
  await agent.ended
  await server.close()
  await rm(scratch, { recursive: true, force: true })
})

async function rollOut(version: string): Promise<void> {
  const file = join(scratch, 'shop.yaml')
  await expect.poll(() => agent.said(), { timeout: 20_000 }).toContain('local infrastructure is ready')
  await writeFile(file, shopManifests({ node: process.execPath }))
  expect(await command('local', 'apply', '-f', file).ended).toMatchObject({ code: 0 })
  const image = `storefront=shop/storefront:${version}`
  await command('local', 'set', 'image', 'deployment/storefront', image, '-n', 'shop').ended
  const rollouts = async () => {
    const { stdout } = await command('local', 'get', 'deployments', '-n', 'shop', '-o', 'json').ended
    return (JSON.parse(stdout) as { workloads: { rollout: string }[] }).workloads.map(({ rollout }) => rollout)
  }
  await expect.poll(rollouts, { timeout: 30_000, interval: 300 }).toEqual(['healthy', 'healthy', 'healthy'])
}

it('a release that holds passes, one that does not fails with a score below the least', {
  timeout: 120_000
}, async () => {
  await rollOut('v3')
  const good = await run('quick', '--min-score', '100').ended
  expect(good).toMatchObject({ code: 0 })
  expect(JSON.parse(good.stdout)).toMatchObject({ run: { phase: 'completed', verdict: 'pass', recovery: 'clean' } })
  await rollOut('v2')
  const bad = await run('quick', '--min-score', '100').ended
  expect(bad).toMatchObject({ code: 1 })
  const { score } = (JSON.parse(bad.stdout) as { run: { score: number } }).run
  expect(score).toBeLessThan(100)
})

it('Ctrl-C in the middle of a fault ends the harm before the command ends', { timeout: 60_000 }, async () => {
  const long = run('long')
  await expect.poll(() => long.said(), { timeout: 30_000 }).toMatch(/step [\w-]+: running/)
  long.process.kill('SIGINT')
  const { code, stdout } = await long.ended
  expect(code).toBe(130)
  expect(JSON.parse(stdout)).toMatchObject({ run: { phase: 'stopped', recovery: 'clean' } })
})
