import { canonicalRepository } from '../git/index.ts'
import { AppError } from '../platform/index.ts'
import { type Db, enabledSettings, type SettingsRow, type Tx } from '../store/index.ts'

/** Two projects must not write the same files. */
export async function refuseOverlap(db: Db | Tx, settings: SettingsRow): Promise<void> {
  const repository = canonicalRepository(settings.url)
  for (const other of await enabledSettings(db)) {
    if (other.projectId === settings.projectId || other.branch !== settings.branch) continue
    if (canonicalRepository(other.url) !== repository || !nested(other.path, settings.path)) continue
    const message = `The project ${other.projectId} keeps its workflows in ${other.path} of this branch already; two projects cannot share a folder.`
    throw new AppError({ code: 'sync/overlap', kind: 'clash', message })
  }
}

function nested(a: string, b: string): boolean {
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`)
}
