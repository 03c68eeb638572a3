import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, processIdentity } from '../../src/store/embedded/process-identity.ts'
import type { Tier } from './programs.ts'

/** Beside the cluster in its folder: who holds it. */
export const STATE_FILE = 'cluster.json'

/** A cluster that a process of its own holds, until that is told to end. */
export interface Held {
  /** the holder, and what tells it from a later process with this pid */
  pid: number
  identity: string
  kubeconfig: string
  tiers: Tier[]
  /** none: it is being started */
  programs: { name: string; pid: number }[]
}

/** The cluster that runs in a folder, if one does. */
export function readHeld(folder: string): Held | undefined {
  if (!wasOurs(folder)) return undefined
  const held = JSON.parse(readFileSync(join(folder, STATE_FILE), 'utf8')) as Held
  return held.programs.length > 0 && processIdentity(held.pid) === held.identity ? held : undefined
}

/** Whether the folder holds a cluster, or what one has left. */
export function wasOurs(folder: string): boolean {
  return existsSync(join(folder, STATE_FILE))
}

/** Resident memory of a process in MiB, what it shares with others included; undefined where that cannot be read. */
export function memoryOf(pid: number): number | undefined {
  if (!isAlive(pid) || !existsSync(`/proc/${pid}/status`)) return undefined
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return kibibytes === undefined ? undefined : Math.round(Number(kibibytes) / 1024)
}
