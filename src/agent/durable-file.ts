import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces a file as a whole; when it resolves the new text survives a crash, of the machine too. Mode 0600. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const next = `${path}.new`
  const file = await open(next, 'w', 0o600)
  await finish(file, async () => {
    await file.writeFile(text)
    await file.sync()
  })
  await rename(next, path)
  await syncFolder(dirname(path))
}

/** a file that is gone already is fine */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true })
  await syncFolder(dirname(path))
}

export async function privateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  await finish(folder, () => folder.sync())
}

async function finish(file: FileHandle, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } finally {
    await file.close()
  }
}
