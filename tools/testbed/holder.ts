// Holds one cluster until it is told to end, or a program of it has ended: `node holder.ts <folder> <tier…>`. On its
// standard output it says `ready`, or why it cannot be.
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toAppError } from '../../src/platform/index.ts'
import { takeDataFolder } from '../../src/store/embedded/data-folder.ts'
import { processIdentity } from '../../src/store/embedded/process-identity.ts'
import { type Held, STATE_FILE } from './held.ts'
import type { Tier } from './programs.ts'
import { startTestBed } from './test-bed.ts'

async function main(folder: string, tiers: Tier[]): Promise<void> {
  const asked = askedToEnd()
  const hold = takeDataFolder(folder)
  const self = { pid: process.pid, identity: processIdentity(process.pid) ?? '', tiers }
  const tell = (held: Held) => writeFile(join(hold.path, STATE_FILE), JSON.stringify(held), { mode: 0o600 })
  try {
    await clear(hold.path)
    await tell({ ...self, kubeconfig: '', programs: [] })
    const started = startTestBed(join(hold.path, 'cluster'), tiers, () => undefined)
    const { kubeconfig, children, stop } = await Promise.race([started, asked.then(endAtOnce)])
    await tell({ ...self, kubeconfig, programs: children.map(({ name, pid }) => ({ name, pid })) })
    process.stdout.write('ready\n')
    await Promise.race([asked, ...children.map((child) => child.ended)])
    const broken = children.some((child) => child.isOver)
    await stop()
    // the logs of a cluster that broke are of use
    if (!broken) await clear(hold.path)
  } finally {
    hold.release()
  }
}

/** While it is still being started: the kernel ends what there is of it with us. */
function endAtOnce(): never {
  throw new Error('it was told to end')
}

async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name !== 'lock') await rm(join(folder, name), { recursive: true, force: true })
}

/** By a signal, or because who waits for us is gone: our standard output is its pipe. */
function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
    process.stdout.on('error', () => resolve())
  })
}

try {
  const [folder = '', ...tiers] = process.argv.slice(2)
  await main(folder, tiers as Tier[])
} catch (error) {
  process.stdout.write(toAppError(error).message, () => process.exit(1))
}
