import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Unit } from './programs.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where builds are kept, for all checkouts of this user. */
export function cacheFolder(env: Environment): string {
  return join(env.XDG_CACHE_HOME || join(home(env), '.cache'), 'faultline', 'testbed')
}

/** Folder of a unit below the cache: its name tells everything that its content depends on. */
export function cacheKey(unit: Unit, source: ModuleSource, goVersion: string): string {
  const hash = createHash('sha256')
  const parts = [JSON.stringify(unit), goVersion, process.platform, process.arch, source.mod, source.sum, source.main]
  for (const part of parts) hash.update(`${part.length}\0${part}`)
  return `${unit.name}-${hash.digest('hex').slice(0, 16)}`
}

/** The texts of a Go module of ours; what is not there is empty. */
export interface ModuleSource {
  mod: string
  sum: string
  main: string
}

export function readModule(folder: string): ModuleSource {
  const text = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')
  return { mod: text('go.mod'), sum: text('go.sum'), main: text('main.go') }
}

/** The release of a dependency as `go.mod` pins it. */
export function pinned(mod: string, dependency: string): string {
  const line = mod.split('\n').find((text) => text.trim().split(' ')[0] === dependency)
  const version = line?.trim().split(' ')[1]
  if (version === undefined) throw new Error(`${dependency} is not pinned in go.mod`)
  return version
}

function home(env: Environment): string {
  return env.HOME || homedir()
}
