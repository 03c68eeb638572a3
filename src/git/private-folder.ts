import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder that nobody else can look into, for as long as `work` lasts. */
export async function withPrivateFolder<T>(home: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(home, 'call-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
