import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommandEnd, CommandOrder } from '../engine/index.ts'
import { AppError } from '../platform/index.ts'
import type { PodKit } from './pod/pod.ts'
import { kill, MARK_VARIABLE, POD_VARIABLE, reapMarked } from './reaper.ts'

const MOST_OUTPUT = 64 * 1024

export type CommandKit = Pick<PodKit, 'folder' | 'baseEnv' | 'mark' | 'isolation' | 'warden' | 'serviceEnv'>

/**
 * Runs a command of a probe as the process of a pod is run: its own process group and namespaces, the same user, a
 * folder of its own that is removed, and an environment that has nothing but the path and the namespace's Services. When
 * it resolves, whatever the command started has ended. Rejects with `local/command-late`, `local/command-loud`,
 * `local/command-killed`.
 */
export async function runCommand(kit: CommandKit, order: CommandOrder): Promise<CommandEnd> {
  const uid = randomBytes(13).toString('hex')
  const home = await ownFolder(kit.folder)
  const [file = '', ...args] = kit.isolation.wrap(['/bin/sh', '-c', order.command])
  try {
    const child = spawn(file, args, {
      cwd: home,
      env: environment(kit, { namespace: order.namespace, home, uid }),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    if (child.pid !== undefined) kit.warden.add(child.pid)
    try {
      return await ended(child, order)
    } finally {
      if (child.pid !== undefined) {
        kill(-child.pid)
        kit.warden.delete(child.pid)
      }
      if (!kit.isolation.namespaces) await reapMarked(uid, POD_VARIABLE)
    }
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined)
  }
}

async function ended(child: ChildProcess, order: CommandOrder): Promise<CommandEnd> {
  const said = { output: '', errors: '' }
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, order.signal])
  const timer = setTimeout(() => over.abort(late(order.timeoutMs)), order.timeoutMs)
  const hear = (name: keyof typeof said) => (chunk: string) => {
    said[name] += chunk
    if (said[name].length > MOST_OUTPUT) over.abort(loud())
  }
  child.stdout?.setEncoding('utf8').on('data', hear('output'))
  child.stderr?.setEncoding('utf8').on('data', hear('errors'))
  try {
    const [code, killedBy] = (await once(child, 'exit', { signal })) as [number | null, string | null]
    if (code === null) throw killed(killedBy)
    // what it has started may still hold its output: it has said what it had to say
    await Promise.race([once(child, 'close', { signal }), new Promise((resolve) => setTimeout(resolve, SETTLE_MS))])
    return { code, ...said }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

const SETTLE_MS = 100

async function ownFolder(folder: string): Promise<string> {
  const pods = join(folder, 'pods')
  await mkdir(pods, { recursive: true, mode: 0o700 })
  return mkdtemp(join(pods, 'command-'))
}

function environment(kit: CommandKit, own: { namespace: string; home: string; uid: string }): Record<string, string> {
  return {
    ...kit.baseEnv,
    ...kit.serviceEnv(own.namespace),
    HOME: own.home,
    POD_NAMESPACE: own.namespace,
    [MARK_VARIABLE]: kit.mark,
    [POD_VARIABLE]: own.uid
  }
}

function late(ms: number): AppError {
  return new AppError({ code: 'local/command-late', kind: 'transient', message: `it did not end within ${ms} ms` })
}

function loud(): AppError {
  const message = `it said more than ${MOST_OUTPUT / 1024} KiB`
  return new AppError({ code: 'local/command-loud', kind: 'invalid', message })
}

function killed(by: string | null): AppError {
  return new AppError({
    code: 'local/command-killed',
    kind: 'transient',
    message: `it was ended by ${by ?? 'someone'}`
  })
}
