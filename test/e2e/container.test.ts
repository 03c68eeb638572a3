import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../../src/demo/patience.ts'
import { freePort } from '../harness/free-port.ts'
import { environmentOf, type Instruction, listOf, stagesOf } from './containerfile.ts'

/**
 * The steps of `deploy/Containerfile` in a folder of their own, where no container engine is: those of the stage that
 * builds are run as they are written. Of the stage that runs, what the distribution's packages and users are is not.
 */
let folder: string
let image: Instruction[]
let server: ChildProcess | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-container-'))
  const [build = [], last = []] = stagesOf(await readFile('deploy/Containerfile', 'utf8'))
  image = last
  let place = folder
  for (const { word, rest } of build) {
    if (word === 'WORKDIR') place = inside(rest)
    await mkdir(place, { recursive: true })
    if (word === 'COPY') await copy(rest, place)
    if (word === 'RUN') execFileSync('sh', ['-ec', inside(rest)], { cwd: place, env: env(), stdio: 'pipe' })
  }
}, 600_000)
afterAll(async () => {
  server?.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** Where a path of the image is here. */
function inside(text: string): string {
  return text.replaceAll(/\/(opt|build|data|state)\b/g, (path) => join(folder, path))
}

function env(more: Record<string, string> = {}) {
  return { PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`, HOME: process.env.HOME, ...more }
}

async function copy(rest: string, place: string): Promise<void> {
  const paths = rest.split(' ')
  const target = paths.pop() ?? ''
  for (const path of paths) {
    const to = target.endsWith('/') ? join(place, target, basename(path)) : join(place, target)
    await cp(path, to, { recursive: true })
  }
}

it('what runs has the package and what it needs, and nothing that builds', async () => {
  const content = join(folder, 'opt/faultline')
  expect((await readdir(content)).sort()).toEqual(
    expect.arrayContaining(['bin', 'dist', 'node_modules', 'package.json'])
  )
  expect(existsSync(join(content, 'dist/portal/index.html'))).toBe(true)
  const modules = await readdir(join(content, 'node_modules'))
  expect(modules).toContain('fastify')
  for (const builder of ['vite', 'vitest', 'tsgo', 'typescript', `node-linux-${process.arch}`, '.bin'])
    expect(modules).not.toContain(builder)
})

it('it is started as nobody in particular, with git and ssh beside it', () => {
  const of = (word: string) => image.filter((instruction) => instruction.word === word).map(({ rest }) => rest)
  expect(of('USER')).toEqual(['65532:65532'])
  expect(of('RUN').join()).toMatch(/git openssh-client/)
  expect(of('COPY')).toEqual(['--from=build /opt/faultline /opt/faultline'])
})

it('the server starts as the image starts it, is found healthy by its own check, and ends in order', async () => {
  const port = await freePort()
  const [program = '', ...args] = [...listOf(image, 'ENTRYPOINT'), ...listOf(image, 'CMD')].map(inside)
  const settings = Object.fromEntries(
    Object.entries(environmentOf(image)).map(([name, value]) => [name, inside(value)])
  )
  const [check = '', ...told] = JSON.parse(
    image.find(({ word }) => word === 'HEALTHCHECK')?.rest.replace(/^.*? CMD /, '') ?? '[]'
  ) as string[]
  await mkdir(join(folder, 'data'))
  const started = env({ ...settings, FAULTLINE_HOST: '127.0.0.1', FAULTLINE_PORT: String(port) })
  const child = spawn(program, args, { cwd: join(folder, 'data'), env: started, stdio: ['ignore', 'ignore', 'pipe'] })
  server = child
  const healthy = () => execFileSync(check, told, { env: started, stdio: 'pipe' })
  expect(healthy).toThrow()
  const ready = async () => {
    healthy()
    return true
  }
  await until('its own check finds it healthy', 60, ready, () => child.exitCode !== null)
  const portal = await fetch(`http://127.0.0.1:${port}/`)
  expect(await portal.text()).toContain('<div id="root">')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})
