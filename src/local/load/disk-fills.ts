import { createHash, randomFillSync } from 'node:crypto'
import { lstat, open, opendir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Load, LoadReport } from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'
import type { PodLoad, PodStorage } from './pod-load.ts'

const LEFT_BYTES = 2 * 2 ** 30
const LEFT_SHARE = 0.1
/** a folder with more in it is not counted to its end */
const MOST_ENTRIES = 100_000
/** no file system makes this smaller */
const BLOCK = randomFillSync(Buffer.alloc(2 ** 20))

type DiskLoad = PodLoad & { load: Extract<Load, { kind: 'disk' }> }

interface Fill {
  id: string
  podUid: string
  path: string
  asked: number
  allowed: number
  /** it is to stop writing */
  over: boolean
  written: Promise<void>
}

/**
 * One file in a pod's own folder for each load of the disk. It goes with `remove`, with the pod's process, and with the
 * pod's folder, which the next start of a killed agent removes. 2 GiB and a tenth of the file system stay free, whoever
 * else writes meanwhile.
 */
export class DiskFills {
  readonly #room: (folder: string) => Promise<number>
  readonly #fills = new Map<string, Fill>()

  constructor(room: (folder: string) => Promise<number> = roomIn) {
    this.#room = room
  }

  /** Resolves when writing has begun; rejects with `local/no-room` or `local/no-limit`. */
  async add({ id, podUid, load }: DiskLoad, storage: PodStorage): Promise<void> {
    if (this.#fills.has(id)) return
    const asked = await askedBytes(load, storage)
    const allowed = Math.min(asked, Math.max(0, await this.#room(storage.folder)))
    if (allowed < 1 && asked > 0) throw noRoom(storage.folder)
    const path = join(storage.folder, `.fill-${createHash('sha256').update(id).digest('hex').slice(0, 16)}`)
    const fill: Fill = { id, podUid, path, asked, allowed, over: false, written: Promise.resolve() }
    this.#fills.set(id, fill)
    // a disk that is full, or a folder that is gone, shows in what was achieved
    fill.written = this.#write(fill, storage.folder).catch(() => undefined)
  }

  /** Resolves when the file is gone; one that is not there is fine. */
  async remove(id: string): Promise<void> {
    const fill = this.#fills.get(id)
    if (fill === undefined) return
    fill.over = true
    await fill.written
    await rm(fill.path, { force: true })
    this.#fills.delete(id)
  }

  podEnded(uid: string): void {
    for (const { id, podUid } of this.#fills.values()) if (podUid === uid) void this.remove(id).catch(() => undefined)
  }

  /** `achieved` is what the file has now, whatever the pod has done to it */
  reports(): Promise<(LoadReport & { podUid: string })[]> {
    return Promise.all(
      [...this.#fills.values()].map(async ({ id, podUid, path, asked, allowed }) => {
        const achieved = await lstat(path).then(
          ({ size }) => size,
          () => 0
        )
        return { injection: id, podUid, asked, allowed, achieved }
      })
    )
  }

  async close(): Promise<void> {
    await Promise.all([...this.#fills.keys()].map((id) => this.remove(id)))
  }

  async #write(fill: Fill, folder: string): Promise<void> {
    const file = await open(fill.path, 'wx', 0o600)
    try {
      let left = fill.allowed
      while (left > 0 && !fill.over) {
        const next = Math.min(left, BLOCK.length, await this.#room(folder))
        if (next < 1) return
        left -= (await file.write(BLOCK, 0, next)).bytesWritten
      }
    } finally {
      await file.close()
    }
  }
}

async function askedBytes({ percentage, bytes }: DiskLoad['load'], { folder, limitBytes }: PodStorage) {
  if (limitBytes !== null) return Math.max(0, Math.floor((limitBytes * percentage) / 100) - (await usedBytes(folder)))
  if (bytes !== null) return bytes
  const message =
    'The pod has no ephemeral-storage limit to fill a share of. Set resources.limits of its container, or say how many bytes.'
  throw new AppError({ code: 'local/no-limit', kind: 'invalid', message })
}

/** What the files of a folder take; links are not followed. */
async function usedBytes(folder: string): Promise<number> {
  let used = 0
  let seen = 0
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (++seen > MOST_ENTRIES) break
    if (entry.isFile()) used += (await lstat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size
  }
  return used
}

async function roomIn(folder: string): Promise<number> {
  const { bsize, blocks, bavail } = await statfs(folder)
  return Math.floor(bavail * bsize - Math.max(LEFT_BYTES, blocks * bsize * LEFT_SHARE))
}

function noRoom(folder: string): AppError {
  const message = `The file system of ${folder} is too full: 2 GiB and a tenth of it are left to others.`
  return new AppError({ code: 'local/no-room', kind: 'denied', message })
}
