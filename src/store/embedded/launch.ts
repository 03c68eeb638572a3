import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { AppError } from '../../platform/index.ts'
import { noEmbedded } from './binaries.ts'

/** Nothing of the starter's environment reaches the database. */
export const CHILD_ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC'
}

/**
 * What to put before a PostgreSQL program: on Linux the kernel ends it when the server dies (`signal`), and as root it
 * runs as another user of its own user namespace, because PostgreSQL refuses to run as root.
 * Must be called on the main thread: the kernel ties the death signal to the thread that started the child.
 */
export async function launchPrefix(signal: 'INT' | 'KILL'): Promise<string[]> {
  if (!isMainThread) {
    throw new AppError({
      code: 'store/not-main-thread',
      kind: 'bug',
      message: 'The embedded PostgreSQL must be started from the main thread.'
    })
  }
  if (process.platform !== 'linux') return []
  const death = ['setpriv', '--pdeathsig', signal]
  if (process.getuid?.() !== 0) return death
  const uid = unprivilegedUid()
  const namespace = ['unshare', '--user', `--map-user=${uid}`, `--map-group=${uid}`]
  await assertNamespaces(namespace)
  return [...namespace, ...death]
}

/** A uid with a name: initdb asks the system for it. */
function unprivilegedUid(): number {
  const uids = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => Number(line.split(':')[2]))
    .filter((uid) => Number.isSafeInteger(uid) && uid > 0)
  return uids.includes(1000) ? 1000 : (uids.at(-1) ?? 65534)
}

async function assertNamespaces(namespace: string[]): Promise<void> {
  const [program = '', ...args] = [...namespace, 'true']
  await new Promise<void>((resolve, reject) => {
    execFile(program, args, { env: CHILD_ENV, timeout: 10_000 }, (error, _stdout, stderr) => {
      if (error === null) return resolve()
      const reason = stderr.trim() === '' ? error.message : stderr.trim()
      reject(
        noEmbedded(
          `PostgreSQL refuses to run as root, and this system refuses user namespaces to root (${reason})`,
          error
        )
      )
    })
  })
}
