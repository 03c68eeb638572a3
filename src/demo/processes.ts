import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { AppError, programFile } from '../platform/index.ts'

const CLI = programFile('../main/cli', import.meta.url)

/** How long a sibling may take to end by itself, in ms: the agent recovers faults first. */
const PATIENCE_MS = 20_000

export interface Sibling {
  name: string
  pid: number
  /** resolves when it has ended, whoever ended it */
  ended: Promise<void>
  isOver(): boolean
  stop(): Promise<void>
}

type Env = Record<string, string | undefined>

/** A long-running `faultline` command beside the demo; it ends with the demo, also when that is killed: its stdin is our pipe. */
export function startSibling(name: string, args: readonly string[], options: { env: Env; log: string }): Sibling {
  const log = createWriteStream(options.log, { flags: 'a' })
  const child = spawn(process.execPath, [CLI, ...args, '--with-parent'], {
    env: options.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true
  })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  child.stdin.on('error', () => undefined)
  const ended = once(child, 'exit').then(() => log.end()) as Promise<unknown> as Promise<void>
  return { name, pid: child.pid ?? 0, ended, isOver: () => isOver(child), stop: () => stop(child, ended) }
}

/** A short `faultline` command as a person would type it; answers what it printed. */
export async function faultline(args: readonly string[], env: Env): Promise<string> {
  return command(process.execPath, [CLI, ...args], { env })
}

/** Any short command; rejects with what it said when it fails. */
export async function command(
  file: string,
  args: readonly string[],
  options: { env: Env; cwd?: string }
): Promise<string> {
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === 0) return output
  throw new AppError({
    code: 'demo/command-failed',
    kind: 'transient',
    message: `${file} ${args.join(' ')} ended with ${code}: ${output.trim()}`
  })
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (isOver(child)) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  await ended
  clearTimeout(timer)
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
