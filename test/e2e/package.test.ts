import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../../src/demo/patience.ts'
import { freePort } from '../harness/free-port.ts'

/** The package that is published, installed in an empty folder from the registry, run with npx as its users do. */
let folder: string
const started: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-package-'))
  const archive = execFileSync('npm', ['run', '--silent', 'package'], { encoding: 'utf8' }).trim().split('\n').at(-1)
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline']
  execFileSync('npm', ['install', ...quiet, archive ?? ''], { cwd: folder, stdio: 'inherit' })
}, 300_000)
afterAll(async () => {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

const env = (more: Record<string, string> = {}) => ({
  PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
  HOME: folder,
  TMPDIR: folder,
  ...more
})

function npx(args: readonly string[], more: Record<string, string> = {}): ChildProcess {
  const child = spawn('npx', ['faultline', ...args], { cwd: folder, env: env(more), stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  return child
}

it('has what its users need and nothing of a checkout: no sources, no tests, no Node of its own', async () => {
  const installed = join(folder, 'node_modules/faultline')
  const { version, engines } = JSON.parse(await readFile('package.json', 'utf8')) as {
    version: string
    engines: { node: string }
  }
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as object
  expect(manifest).toMatchObject({ version, engines })
  expect(manifest).not.toHaveProperty('devDependencies')
  expect(manifest).not.toHaveProperty('scripts')
  expect(['src', 'test', 'tools'].filter((name) => existsSync(join(installed, name)))).toEqual([])
  expect(existsSync(join(folder, `node_modules/node-linux-${process.arch}`))).toBe(false)
  expect(execFileSync('npx', ['faultline', '--version'], { cwd: folder, env: env(), encoding: 'utf8' })).toBe(
    `${version}\n`
  )
})

it('npx faultline serve answers, shows the portal, and ends in order when npx gets a SIGTERM', async () => {
  const port = await freePort()
  const data = join(folder, 'data')
  const child = npx(['serve'], { FAULTLINE_DATA_FOLDER: data, FAULTLINE_PORT: String(port) })
  const at = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  await until('the server answers', 60, async () => (await at('/readyz')).ok)
  expect(await (await at('/healthz')).json()).toMatchObject({ ok: true })
  const page = await (await at('/')).text()
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? ''
  expect((await at(script)).headers.get('content-type')).toContain('javascript')
  expect(existsSync(join(data, 'database/lock'))).toBe(true)
  child.kill('SIGTERM')
  await until('the server has given its data folder back', 20, async () => !existsSync(join(data, 'database/lock')))
})

it('npx faultline demo starts everything, the sample shop too', async () => {
  const child = npx(['demo', '--port', String(await freePort())])
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk))
  await expect.poll(() => said, { timeout: 90_000 }).toContain('Ctrl-C ends everything')
  child.kill('SIGTERM')
  await once(child, 'close')
  expect(said).toContain('Ending: recovering faults')
})
