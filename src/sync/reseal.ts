import type { Sealer } from '../platform/index.ts'
import type { Db, Tx } from '../store/index.ts'
import { lockSealed, projectsWithSettings, SEALED_COLUMNS, saveSealed } from '../store/sync/write.ts'
import { sealContext } from './desk.ts'

export interface Resealed {
  credentials: number
  /** projects with one that neither key opens: it stays as it is, and has to be entered again */
  unreadable: string[]
}

/** Seals every stored credential anew with the current key; project by project, while servers go on working. */
export async function reseal({ db, sealer }: { db: Db; sealer: Sealer }): Promise<Resealed> {
  const result: Resealed = { credentials: 0, unreadable: [] }
  for (const project of await projectsWithSettings(db)) {
    const { done, failed } = await db.transaction().execute((tx) => resealProject(tx, project, sealer))
    result.credentials += done
    if (failed > 0) result.unreadable.push(project)
  }
  return result
}

async function resealProject(tx: Tx, project: string, sealer: Sealer): Promise<{ done: number; failed: number }> {
  const sealed = await lockSealed(tx, project)
  const context = sealContext(project)
  let [done, failed] = [0, 0]
  if (sealed === undefined) return { done, failed }
  for (const column of SEALED_COLUMNS) {
    const before = sealed[column]
    if (before === null) continue
    try {
      sealed[column] = sealer.seal(sealer.open(before, context), context)
      done++
    } catch {
      failed++
    }
  }
  await saveSealed(tx, project, sealed)
  return { done, failed }
}
