import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { promisify } from 'node:util'
import { AppError } from '../../src/platform/index.ts'
import { boundToUs } from './bound.ts'

const run = promisify(execFile)

/** Beside a person's own work: the build takes what is left of the processors. */
const NICENESS = 10

/** Runs Go in `folder`; what it says goes to our standard error. */
export async function go(folder: string, args: readonly string[], buildCache: string): Promise<void> {
  const child = spawn(...boundToUs('go', args), { cwd: folder, env: environment(buildCache), stdio: ['ignore', 2, 2] })
  yieldTo(child)
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw failed(`go ${args[0]} in ${folder} ended with ${code}; its output above says why`)
}

/** Folder in the module cache of a dependency of the module in `folder`. */
export async function moduleFolder(folder: string, dependency: string): Promise<string> {
  const args = ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', dependency]
  const { stdout } = await run('go', args, { cwd: folder, env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '' } })
  return stdout.trim()
}

/**
 * `1.26.1`. Rejects with `testbed/no-go` where there is no Go, or an older one than `needed`: nothing of it is
 * downloaded here behind a person's back.
 */
export async function goVersion(needed: string): Promise<string> {
  const found = await run('go', ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' } }).then(
    ({ stdout }) => stdout.trim().replace(/^go/, ''),
    () => undefined
  )
  if (found !== undefined && !isOlder(found, needed)) return found
  throw new AppError({
    code: 'testbed/no-go',
    kind: 'stalled',
    message:
      `The test bed is built from Go modules, and Go ${needed} or newer is ${found === undefined ? 'not on the PATH' : `needed, this is ${found}`}. ` +
      'Install it from https://go.dev/dl, or set KUBEBUILDER_ASSETS to a folder that has the programs (tools/testbed/README.md).'
  })
}

/** By its numbers; what is behind them (`rc1`) does not count. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)]
  const different = a.findIndex((number, index) => number !== b[index])
  return different !== -1 && (a[different] ?? 0) < (b[different] ?? 0)
}

function numbers(version: string): [number, number, number] {
  const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []
  return [Number(major ?? 0), Number(minor ?? 0), Number(patch ?? 0)]
}

function environment(buildCache: string): NodeJS.ProcessEnv {
  return { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '', GOCACHE: buildCache }
}

function yieldTo(child: ChildProcess): void {
  if (child.pid !== undefined) setPriority(child.pid, NICENESS)
}

function failed(message: string): AppError {
  return new AppError({ code: 'testbed/build-failed', kind: 'transient', message: `${message}.` })
}
