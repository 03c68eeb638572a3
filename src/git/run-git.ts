import { spawn } from 'node:child_process'
import { AppError, type Redactor } from '../platform/index.ts'

export interface GitRunner {
  binary: string
  /** of the server: where git finds its own programs */
  path: string
  /** an empty folder: no configuration of anybody is read */
  home: string
  redactor: Redactor
}

export interface GitCall {
  args: readonly string[]
  /** the bare store */
  gitDir?: string
  env?: Readonly<Record<string, string>>
  input?: string | Buffer
  deadlineMs: number
  maxBytes: number
  signal?: AbortSignal
}

export interface GitOutput {
  code: number
  stdout: Buffer
  /** redacted, bounded */
  stderr: string
}

const MAX_STDERR = 64 * 1024

/** Nothing of the surroundings reaches git: no configuration, hooks, credential helpers, prompts or foreign protocols. */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.askPass=',
  'credential.helper=',
  'protocol.version=2',
  'http.followRedirects=false',
  'http.lowSpeedLimit=1',
  'http.lowSpeedTime=30',
  'gc.auto=0',
  'maintenance.auto=false',
  'fetch.fsckObjects=true',
  'transfer.fsckObjects=true',
  'submodule.recurse=false',
  'core.symlinks=false'
].flatMap((setting) => ['-c', setting])

export function runGit(runner: GitRunner, { gitDir, args, ...call }: GitCall): Promise<GitOutput> {
  const place = gitDir === undefined ? [] : [`--git-dir=${gitDir}`]
  return runTool(runner, {
    ...call,
    tool: runner.binary,
    label: `git ${args[0]}`,
    args: [...SETTINGS, ...place, ...args]
  })
}

export interface ToolCall extends Omit<GitCall, 'gitDir'> {
  /** name on the PATH, or a path */
  tool: string
  /** as messages name it; the tool itself where it is missing */
  label?: string
}

/** Runs a program in its own process group, which is ended at the deadline, on abort, and when it says too much. */
export async function runTool(runner: GitRunner, call: ToolCall): Promise<GitOutput> {
  call.signal?.throwIfAborted()
  const child = spawn(call.tool, call.args, {
    cwd: runner.home,
    env: environment(runner, call.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true
  })
  const { promise, resolve, reject } = Promise.withResolvers<GitOutput>()
  const out: Buffer[] = []
  let bytes = 0
  let stderr = ''
  let failure: AppError | undefined
  const end = (error: AppError) => {
    failure ??= error
    if (child.pid !== undefined) endGroup(child.pid)
  }
  const timer = setTimeout(() => end(timedOut(call)), call.deadlineMs)
  const onAbort = () => end(aborted())
  call.signal?.addEventListener('abort', onAbort)
  child.on('error', (cause) => reject(missingBinary(call.tool, cause)))
  child.stdin.on('error', () => undefined)
  child.stdin.end(call.input ?? '')
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > call.maxBytes) end(tooLarge(call))
    else out.push(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < MAX_STDERR) stderr += chunk.toString('utf8')
  })
  child.on('close', (code) => {
    if (failure !== undefined) reject(failure)
    else resolve({ code: code ?? -1, stdout: Buffer.concat(out), stderr: runner.redactor.redact(stderr) })
  })
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    call.signal?.removeEventListener('abort', onAbort)
  }
}

export function environment(runner: GitRunner, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    PATH: runner.path,
    HOME: runner.home,
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    ...more
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // it has ended by itself
  }
}

function timedOut(call: ToolCall): AppError {
  const message = `${call.label ?? call.tool} did not end within ${Math.round(call.deadlineMs / 1000)} s; it was stopped and will be tried again.`
  return new AppError({ code: 'git/timeout', kind: 'transient', message })
}

function tooLarge(call: ToolCall): AppError {
  const message = `${call.label ?? call.tool} answered more than ${call.maxBytes} bytes; the repository is larger than Faultline reads.`
  return new AppError({ code: 'git/too-large', kind: 'stalled', message })
}

function aborted(): AppError {
  return new AppError({
    code: 'git/aborted',
    kind: 'transient',
    message: 'The work with git was interrupted; it will be done again.'
  })
}

function missingBinary(binary: string, cause: unknown): AppError {
  const what = binary.startsWith('ssh') ? 'OpenSSH (openssh-client)' : 'git 2.39 or newer'
  return new AppError({
    code: 'git/missing-binary',
    kind: 'stalled',
    message: `${binary} cannot be run: install ${what} on the server.`,
    cause
  })
}
