import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { CreatedToken } from '../src/contract/index.ts'
import { agentSettings, serverSettings } from '../src/main/settings.ts'
import { faultline } from './harness/command.ts'
import { PostedAgent } from './harness/posted-agent.ts'
import { connectProject, startTestServer, type TestServer } from './harness/server.ts'

const WORKFLOW = 'docs/guides/examples/cart-resilience.yaml'
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-examples-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Every scalar of a YAML file, wherever it stands. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}

/** The commands of ours that a pipeline runs, as their arguments. */
function commandsOf(file: string): string[][] {
  const lines = texts(parse(readFileSync(file, 'utf8'))).filter((text) => text.includes('.faultline-cli/bin'))
  return lines.map((line) => {
    const [, args = ''] = /^(?:exec )?node \.faultline-cli\/bin\/faultline\.js (.+)$/.exec(line) ?? []
    return args.split(' ')
  })
}

it('the workflows for Kubernetes are valid', async () => {
  const files = readdirSync('examples/kubernetes').map((file) => `examples/kubernetes/${file}`)
  expect(files.length).toBeGreaterThan(0)
  expect(await faultline(['validate', ...files]).ended).toMatchObject({ code: 0, stderr: '' })
})

describe('the pipelines do what they say', () => {
  let server: TestServer
  let agent: PostedAgent
  beforeAll(async () => {
    server = await startTestServer()
    await connectProject(server, 'shop')
    agent = await PostedAgent.register(server, 'shop', 'laptop')
    await server.api.createWorkflow('shop', readFileSync(WORKFLOW, 'utf8'), 'Add the example')
    await server.api.post('/projects/shop/gitops/sync')
    mkdirSync(join(folder, 'litmus/shop'), { recursive: true })
    copyFileSync(WORKFLOW, join(folder, 'litmus/shop/cart-resilience.yaml'))
  })
  afterAll(() => server.close())

  it.each(['examples/gitlab-ci.yaml', 'examples/github-actions.yaml'])(
    '%s',
    async (file) => {
      const [, wanted = ''] = /an API token with the scopes? ([^,]+),/.exec(readFileSync(file, 'utf8')) ?? []
      const scopes = [...wanted.matchAll(/"(\w+)"/g)].map(([, scope]) => scope)
      const { secret } = await server.api.post<CreatedToken>('/tokens', { name: 'ci', scopes, project: 'shop' })
      const env = { FAULTLINE_SERVER_URL: server.url.href, FAULTLINE_TOKEN: secret }
      const commands = commandsOf(file)
      expect(commands.map(([name]) => name)).toEqual(expect.arrayContaining(['validate', 'plan', 'run']))
      for (const args of commands) {
        const here = args.map((arg) =>
          arg === 'litmus' || arg === '.' || arg.endsWith('.xml') ? join(folder, arg) : arg
        )
        const command = faultline(here, args[0] === 'validate' ? {} : env)
        if (args[0] === 'run') await agent.completes(await agent.run())
        expect(await command.ended, args.join(' ')).toMatchObject({ code: 0 })
      }
    },
    60_000
  )

  it('the report that GitLab takes is written', () => {
    expect(readFileSync(join(folder, 'chaos.xml'), 'utf8')).toContain('<testsuite')
  })
})

describe('the units of systemd', () => {
  const verifies = spawnSync('systemd-analyze', ['--version']).status === 0

  it.each(['faultline', 'faultline-agent'])('%s.service', (name) => {
    const text = readFileSync(`examples/systemd/${name}.service`, 'utf8')
    for (const line of text.split('\n')) expect(line).toMatch(/^$|^#|^\[(Unit|Service|Install)\]$|^[A-Z][A-Za-z]+=/)
    const [, start = ''] = /^ExecStart=(.+)$/m.exec(text) ?? []
    expect(start).toMatch(
      /^\/usr\/bin\/node \/opt\/faultline\/node_modules\/faultline\/bin\/faultline\.js (serve|agent --local)$/
    )
    expect(existsSync('bin/faultline.js')).toBe(true)
    if (!verifies) return
    // it looks whether the program is there
    const unit = join(folder, `${name}.service`)
    writeFileSync(unit, text.replace('/usr/bin/node', process.execPath))
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  })

  it.each([
    ['server', serverSettings],
    ['agent', agentSettings]
  ] as const)('%s.env has settings that there are, also where they are commented out', (name, settings) => {
    const lines = readFileSync(`examples/systemd/${name}.env`, 'utf8').split('\n')
    const found = lines.flatMap((line) => {
      const [, off, key = '', value = ''] = /^(# )?(FAULTLINE_[A-Z_]+)=(.*)$/.exec(line) ?? []
      return key === '' ? [] : [{ key, value: off === undefined ? value : '' }]
    })
    expect(found.length).toBeGreaterThan(2)
    expect(() => settings(Object.fromEntries(found.map(({ key, value }) => [key, value])))).not.toThrow()
  })
})
