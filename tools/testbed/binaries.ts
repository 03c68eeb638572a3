import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../src/platform/index.ts'
import { provide } from './build.ts'
import { TIERS, type Tier, type Unit } from './programs.ts'

export interface Binaries {
  /** path of a program by its name */
  program(command: string): string
  /** folder with the definitions (CRDs) of this program's kinds */
  definitions(command: string): string
}

/** Those without which KUBEBUILDER_ASSETS is not what its name says. */
const ASSETS = ['etcd', 'kube-apiserver']

/**
 * The programs of these tiers. What lies in `assets` (KUBEBUILDER_ASSETS) is taken from there, the others from the
 * cache, where they are built when they are missing. Rejects with `testbed/assets`, `testbed/no-go`, `testbed/build-failed`.
 */
export async function findBinaries(
  tiers: readonly Tier[],
  assets: string | undefined,
  say: (text: string) => void
): Promise<Binaries> {
  if (assets) assertAssets(assets)
  const units: Unit[] = tiers.flatMap((tier) => [...TIERS[tier]])
  const needed = units.filter((unit) => unit.definitions || !unit.commands.every((command) => isIn(assets, command)))
  const folders = await provide(needed, say)
  const built = new Map(
    needed.flatMap((unit, index) => unit.commands.map((command) => [command, folders[index] ?? '']))
  )
  const folderOf = (command: string) => (isIn(assets, command) ? (assets ?? '') : (built.get(command) ?? ''))
  return {
    program: (command) => join(folderOf(command), command),
    definitions: (command) => join(built.get(command) ?? '', 'definitions')
  }
}

function isIn(assets: string | undefined, command: string): boolean {
  return !!assets && existsSync(join(assets, command))
}

function assertAssets(assets: string): void {
  const missing = ASSETS.filter((command) => !isIn(assets, command))
  if (missing.length === 0) return
  throw new AppError({
    code: 'testbed/assets',
    kind: 'stalled',
    message: `KUBEBUILDER_ASSETS is ${assets}, where ${missing.join(' and ')} cannot be found. Put it there, or unset the variable to use a build of our own.`
  })
}
