import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../platform/index.ts'
import type { PodSpec } from './spec/pod-spec.ts'
import type { ServiceSpec } from './spec/service-spec.ts'
import type { WorkloadSpec } from './spec/workload-spec.ts'

const FILE = 'desired.json'
const FORMAT = 3

export interface DesiredWorkload {
  uid: string
  generation: number
  /** the last generation whose rollout was seen to be complete */
  rolledOut: number
  spec: WorkloadSpec
  /** the template before the rollout that is under way; null = none is */
  previous: PodSpec | null
}

export interface DesiredService {
  spec: ServiceSpec
  /** kept over restarts, so that whoever was told it still finds it */
  port: number
}

export interface Desired {
  format: typeof FORMAT
  /** in the environment of everything that this agent starts: how it is found again */
  mark: string
  workloads: DesiredWorkload[]
  services: DesiredService[]
}

export async function loadDesired(folder: string): Promise<Desired> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, FILE)
  try {
    const found = JSON.parse(await readFile(path, 'utf8')) as Desired
    if (found.format !== FORMAT) throw new Error('another version of Faultline wrote it')
    return found
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return first(folder)
    const message = `${path} cannot be read: ${(error as Error).message}. Move it away to begin without workloads.`
    throw new AppError({ code: 'local/bad-state', kind: 'stalled', message, cause: error })
  }
}

/** Durable when it resolves: a crash leaves the old or the new state, never a part of one. */
export async function saveDesired(folder: string, desired: Desired): Promise<void> {
  const path = join(folder, FILE)
  const temporary = `${path}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(JSON.stringify(desired))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

/** The mark must be on disk before anything carries it. */
async function first(folder: string): Promise<Desired> {
  const desired: Desired = { format: FORMAT, mark: randomBytes(12).toString('hex'), workloads: [], services: [] }
  await saveDesired(folder, desired)
  return desired
}
