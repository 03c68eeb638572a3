import { createHash } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { AppError } from '../platform/index.ts'

export interface FolderLock {
  release(): Promise<void>
}

/**
 * Holds a folder for this process alone, until it ends in whatever way: a name in the kernel's abstract socket space,
 * taken at once or not at all, with nothing on disk to go stale. Where there is no such space nothing is held, and the
 * agent's socket alone tells a second agent of the first. Rejects with `local/folder-in-use`.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (process.platform !== 'linux') return { release: async () => undefined }
  const name = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? folderInUse(folder) : error)
    )
    server.listen(`\0faultline-agent-${name}`, resolve)
  })
  server.unref()
  return { release: () => new Promise((resolve) => server.close(() => resolve())) }
}

export function folderInUse(folder: string): AppError {
  const message = `Another agent runs with the folder ${folder}. End it, or choose another with FAULTLINE_AGENT_FOLDER.`
  return new AppError({ code: 'local/folder-in-use', kind: 'clash', message })
}
