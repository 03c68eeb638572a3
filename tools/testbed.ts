// A Kubernetes cluster with simulated nodes on this machine: tools/testbed/README.md.
//   build [--with argo]                 builds what is missing
//   up [--with argo] [--folder PATH]    starts one, and prints the path of its kubeconfig
//   status [--folder PATH]              prints that path, and what runs
//   down [--folder PATH]                ends it
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { until } from '../src/demo/patience.ts'
import { AppError, programFile, toAppError } from '../src/platform/index.ts'
import { isAlive } from '../src/store/embedded/process-identity.ts'
import { findBinaries } from './testbed/binaries.ts'
import { type Held, memoryOf, readHeld, wasOurs } from './testbed/held.ts'
import type { Tier } from './testbed/programs.ts'

const HOLDER = programFile('./testbed/holder', import.meta.url)
const USAGE = 'Usage: npm run testbed -- build|up|status|down [--with argo] [--folder PATH]'
const STOP_S = 20

interface Wish {
  folder: string
  tiers: Tier[]
}

const COMMANDS: Readonly<Record<string, (wish: Wish) => Promise<void>>> = { build, up, status, down }

async function build({ tiers }: Wish): Promise<void> {
  await findBinaries(tiers, process.env.KUBEBUILDER_ASSETS, say)
  say('The programs of the test bed are there.')
}

async function up(wish: Wish): Promise<void> {
  const running = readHeld(wish.folder)
  if (running === undefined) await start(wish)
  else if (!wish.tiers.every((tier) => running.tiers.includes(tier)))
    throw refused(`A cluster without ${wish.tiers.join(' and ')} runs in ${wish.folder}. End it first (down).`)
  print(readHeld(wish.folder)?.kubeconfig ?? '')
}

async function start({ folder, tiers }: Wish): Promise<void> {
  assertUsable(folder)
  await findBinaries(tiers, process.env.KUBEBUILDER_ASSETS, say)
  const holder = spawn(process.execPath, [HOLDER, folder, ...tiers], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore']
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => holder.kill('SIGTERM'))
  const said = await new Promise<string>((answer) => {
    holder.stdout.once('data', (chunk: Buffer) => answer(String(chunk)))
    holder.stdout.once('end', () => answer('it was ended'))
  })
  holder.stdout.destroy()
  holder.unref()
  if (said !== 'ready\n') throw refused(`The cluster could not be started: ${said}`)
}

async function status({ folder }: Wish): Promise<void> {
  const held = running(folder)
  print(held.kubeconfig)
  say(`held by process ${held.pid}, tiers: ${held.tiers.join(', ')}`)
  for (const { name, pid } of held.programs) say(`  ${name.padEnd(24)} ${pid}  ${memoryOf(pid) ?? '?'} MiB`)
}

async function down({ folder }: Wish): Promise<void> {
  const { pid } = running(folder)
  process.kill(pid, 'SIGTERM')
  await until(`process ${pid} has ended`, STOP_S, async () => !isAlive(pid))
  say('The cluster has ended.')
}

function running(folder: string): Held {
  const held = readHeld(folder)
  if (held !== undefined) return held
  const left = wasOurs(folder) ? ' One ran there and broke; its logs are still in it.' : ''
  throw refused(`No cluster runs in ${folder}.${left}`)
}

/** What is in the folder is removed with the cluster. */
function assertUsable(folder: string): void {
  let names: string[] = []
  try {
    names = readdirSync(folder)
  } catch {
    return
  }
  if (names.length === 0 || wasOurs(folder)) return
  throw refused(`${folder} holds something else. Choose a folder that is empty, or not there yet.`)
}

function refused(message: string): AppError {
  return new AppError({ code: 'testbed/refused', kind: 'stalled', message })
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { with: { type: 'string' }, folder: { type: 'string', default: '.cache/testbed' } }
  })
  const command = COMMANDS[positionals[0] ?? '']
  if (command === undefined || positionals.length > 1 || !['argo', undefined].includes(values.with))
    throw refused(USAGE)
  await command({ folder: resolve(values.folder), tiers: values.with === 'argo' ? ['core', 'argo'] : ['core'] })
}

try {
  await main()
} catch (error) {
  say(toAppError(error).message)
  process.exitCode = 1
}
