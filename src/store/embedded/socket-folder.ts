import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../platform/index.ts'

/** the kernel's limit for the path of a Unix socket */
const MAX_BYTES = 107
const SOCKET = '.s.PGSQL.5432'

/**
 * Where the socket goes: the data folder, or for a long path a short private folder, the same at each start. The
 * folder is the lock on the door: whoever can enter it can read the database.
 */
export function socketFolder(dataFolder: string): string {
  if (Buffer.byteLength(join(dataFolder, SOCKET)) <= MAX_BYTES) return dataFolder
  const short = join(tmpdir(), `faultline-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)}`)
  try {
    mkdirSync(short, { mode: 0o700 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  assertPrivate(short)
  return short
}

/** Anyone may make a folder in /tmp: one that is not ours alone is refused. */
function assertPrivate(folder: string): void {
  const found = lstatSync(folder)
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0) return
  throw new AppError({
    code: 'store/socket-folder',
    kind: 'stalled',
    message: `The folder ${folder} for the database's socket belongs to someone else, or others may enter it. Remove it.`,
    details: { folder }
  })
}
