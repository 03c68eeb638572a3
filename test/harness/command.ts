import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const CLI = join(import.meta.dirname, '../../src/main/cli.ts')

export interface Command {
  process: ChildProcess
  /** both streams so far */
  said(): string
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>
}

/** `faultline …` as a process of its own, with nothing in its environment but this. */
export function faultline(args: readonly string[], env: Record<string, string> = {}, input?: string): Command {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe']
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  child.stdin.end(input)
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }))
  return { process: child, said: () => stdout + stderr, ended }
}
