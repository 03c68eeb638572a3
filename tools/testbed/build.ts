import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../src/platform/index.ts'
import { type DataFolder, takeDataFolder } from '../../src/store/embedded/data-folder.ts'
import { cacheFolder, cacheKey, type ModuleSource, pinned, readModule } from './cache-key.ts'
import { go, goVersion, moduleFolder } from './go.ts'
import { MODULES, type Unit } from './programs.ts'

const LOOK_MS = 500

interface Work {
  unit: Unit
  source: ModuleSource
  /** the Go module */
  module: string
  /** where the result belongs */
  target: string
}

/**
 * Folders of these units' programs, in their order: from the cache, or built into it first (minutes). A folder appears
 * whole or not at all; who comes while another builds waits for it. Rejects with `testbed/no-go` or `testbed/build-failed`.
 */
export async function provide(units: readonly Unit[], say: (text: string) => void): Promise<string[]> {
  const works: Work[] = []
  for (const unit of units) works.push(await workOf(unit))
  const missing = works.filter(({ target }) => !existsSync(target))
  if (missing.length > 0) await buildAll(missing, say)
  return works.map(({ target }) => target)
}

async function workOf(unit: Unit): Promise<Work> {
  const module = join(MODULES, unit.module)
  const source = readModule(module)
  const needed = /^go (\S+)$/m.exec(source.mod)?.[1] ?? '0'
  return {
    unit,
    source,
    module,
    target: join(cacheFolder(process.env), cacheKey(unit, source, await goVersion(needed)))
  }
}

/** One after the other: a link takes 2 GB. They share Go's own cache, which is thrown away unless it is the person's. */
async function buildAll(works: readonly Work[], say: (text: string) => void): Promise<void> {
  const cache = cacheFolder(process.env)
  await mkdir(cache, { recursive: true })
  const lock = await takeTurn(join(cache, 'building'), say)
  const own = process.env.GOCACHE ? undefined : await mkdtemp(join(cache, 'go-build-'))
  try {
    for (const work of works) await build(work, own ?? process.env.GOCACHE ?? '', say)
  } finally {
    if (own !== undefined) await rm(own, { recursive: true, force: true })
    lock.release()
  }
}

async function build(work: Work, buildCache: string, say: (text: string) => void): Promise<void> {
  const { unit, source, module, target } = work
  if (existsSync(target)) return
  const started = Date.now()
  say(`Building ${unit.name} from Go modules, some minutes…`)
  const draft = await mkdtemp(`${target}.`)
  try {
    const linked = ['-s', '-w', ...stamp(unit, source)].join(' ')
    const flags = ['-mod=readonly', '-buildvcs=false', '-trimpath', `-ldflags=${linked}`]
    await go(module, ['build', ...flags, '-o', join(draft, unit.name), unit.package], buildCache)
    for (const command of unit.commands) if (command !== unit.name) await symlink(unit.name, join(draft, command))
    if (unit.definitions) await copyDefinitions(module, unit.definitions, draft)
    await rename(draft, target)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  say(`${unit.name} is built, in ${Math.round((Date.now() - started) / 1000)} s: ${target}`)
}

function stamp({ version }: Unit, { mod }: ModuleSource): string[] {
  return version ? ['-X', `${version.variable}=${pinned(mod, version.of)}`] : []
}

/** As files of our own: those of the module cache are read-only. */
async function copyDefinitions(module: string, from: NonNullable<Unit['definitions']>, draft: string): Promise<void> {
  const folder = join(await moduleFolder(module, from.of), from.folder)
  await mkdir(join(draft, 'definitions'))
  for (const name of await readdir(folder))
    if (name.endsWith('.yaml') && name !== 'kustomization.yaml')
      await writeFile(join(draft, 'definitions', name), await readFile(join(folder, name)))
}

async function takeTurn(folder: string, say: (text: string) => void): Promise<DataFolder> {
  for (let told = false; ; told = true) {
    try {
      return takeDataFolder(folder)
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'store/data-folder-in-use')) throw error
      if (!told) say('Another process builds the test bed; waiting for it…')
      await sleep(LOOK_MS)
    }
  }
}
