import { closeSync, lchownSync, lstatSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { AppError, programFile } from '../platform/index.ts'

export interface Identity {
  uid: number
  /** root could not be given up: why, as the beginning of a sentence; null = this is a uid of the agent's own, or its starter was not root */
  kept: string | null
}

/** what the own uid must be able to read: Node, our sources, a package */
const NEEDED = [
  process.execPath,
  programFile('./cli', import.meta.url),
  createRequire(import.meta.url).resolve('pino/package.json')
]
/** what an agent's folder may hold, of earlier releases too (`observations.json`): another one is not handed to another user */
const OURS =
  /^(agent-key\.json|agent\.sock|guardrails\.json|observations\.json|desired\.json|journal|logs|pods|runs|volumes)(\.new)?$/

/**
 * Makes the agent's folder (0700) and, where we are root, becomes the uid that was set: workloads must not be able to
 * read what root can. Where that uid cannot work, the starter's is kept.
 */
export function takeIdentity({ folder, uid }: { folder: string; uid: number }): Identity {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o711 })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const starter = process.getuid?.() ?? -1
  if (starter !== 0) return { uid: starter, kept: null }
  const kept = uid === 0 ? 'FAULTLINE_AGENT_UID is 0' : obstacle(uid, [...NEEDED, folder])
  handOver(folder, kept === null ? uid : 0)
  if (kept !== null) return { uid: 0, kept }
  process.setgroups?.([])
  process.setgid?.(uid)
  process.setuid?.(uid)
  return { uid, kept: null }
}

/** Looks at the files with the eyes of that uid; null = it can work. */
function obstacle(uid: number, paths: readonly string[]): string | null {
  const groups = process.getgroups?.() ?? []
  let without = false
  try {
    process.setgroups?.([])
    without = true
    process.setegid?.(uid)
    process.seteuid?.(uid)
    const unreadable = paths.find((path) => !reachable(path))
    return unreadable === undefined ? null : `uid ${uid} cannot read ${unreadable}`
  } catch (error) {
    return `uid ${uid} cannot be taken (${(error as Error).message})`
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
    if (without) process.setgroups?.(groups)
  }
}

/** A folder needs only to be reached: it is handed over afterwards. */
function reachable(path: string): boolean {
  try {
    if (!statSync(path).isDirectory()) closeSync(openSync(path, 'r'))
    return true
  } catch {
    return false
  }
}

/** The folder with all in it changes hands once; links are never followed. */
function handOver(folder: string, uid: number): void {
  if (lstatSync(folder).uid === uid) return
  const foreign = readdirSync(folder).find((name) => !OURS.test(name))
  if (foreign !== undefined) {
    const message = `The agent's folder ${folder} holds ${foreign}, which is not the agent's. Choose a folder of its own with FAULTLINE_AGENT_FOLDER.`
    throw new AppError({ code: 'main/foreign-folder', kind: 'invalid', message })
  }
  give(folder, uid)
}

function give(path: string, uid: number): void {
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name), uid)
  lchownSync(path, uid, uid)
}
