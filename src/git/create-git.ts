import { join } from 'node:path'
import type { Outbound } from '../outbound/index.ts'
import { AppError, type Logger, type Redactor, toAppError } from '../platform/index.ts'
import { BareStore, type StoreLimits } from './bare-store.ts'
import { checkConnection } from './check.ts'
import type { CheckStep, Git, PushResult } from './git.ts'
import { HostPauses } from './host-pauses.ts'
import { httpTransport } from './http-transport.ts'
import { PATH_LIMITS } from './listing.ts'
import { parsePush } from './push-result.ts'
import { readDefaultBranch, readTip } from './refs.ts'
import { requireBranch } from './repository-url.ts'
import type { GitRunner } from './run-git.ts'
import { isSshAddress, parseSshAddress, sshUrl } from './ssh/ssh-address.ts'
import { SshTools } from './ssh/ssh-tools.ts'
import { sshTransport } from './ssh/ssh-transport.ts'
import { TipCache } from './tip-cache.ts'
import type { TransportOf } from './transport.ts'

export interface GitLimits extends StoreLimits {
  /** of what a host is asked over https in process, ms */
  answerMs: number
}

export interface GitOptions {
  /** of the bare stores */
  folder: string
  outbound: Outbound
  redactor: Redactor
  log: Logger
  /** where programs are found */
  path: string
  binary?: string
  limits?: Partial<GitLimits>
}

const LIMITS: GitLimits = {
  answerMs: 10_000,
  files: 20_000,
  ...PATH_LIMITS,
  fetchMs: 120_000,
  localMs: 30_000,
  outputBytes: 64 * 1024 * 1024,
  readerIdleMs: 30_000
}

/** The tip check in process; fetch, push, SSH and the store by the system's programs. */
export function createGit(options: GitOptions): Git {
  const { folder, binary = 'git', path, redactor, outbound } = options
  const limits = { ...LIMITS, ...options.limits }
  const runner: GitRunner = { binary, path, home: join(folder, 'home'), redactor }
  const stores = createStores(runner, folder, limits)
  const tools = new SshTools(runner)
  const pauses = new HostPauses()
  const transportOf: TransportOf = (remote) =>
    isSshAddress(remote.url)
      ? sshTransport({ outbound, runner, tools }, remote)
      : pauses.around(remote, httpTransport({ outbound, runner, answerMs: limits.answerMs }, remote))
  return {
    ...remoteWork(redactor, transportOf, stores),
    ...storeWork(stores),
    ...sshWork(outbound, tools),
    remove: stores.remove,
    close: async () => {
      await stores.close()
      await tools.close()
    }
  }
}

/** The bare stores by repository, each made when it is first needed. */
interface Stores {
  of(repo: string): BareStore
  remove(repo: string): Promise<void>
  close(): Promise<void>
}

function createStores(runner: GitRunner, folder: string, limits: StoreLimits): Stores {
  const stores = new Map<string, BareStore>()
  const of = (repo: string): BareStore => {
    const known = stores.get(repo) ?? new BareStore(runner, { folder, repo, limits })
    stores.set(repo, known)
    return known
  }
  return {
    of,
    remove: async (repo) => {
      await of(repo).remove()
      stores.delete(repo)
    },
    close: async () => {
      await Promise.all([...stores.values()].map((store) => store.close()))
    }
  }
}

type RemoteWork = Pick<Git, 'tip' | 'defaultBranch' | 'fetch' | 'push' | 'check'>

function remoteWork(redactor: Redactor, transportOf: TransportOf, { of }: Stores): RemoteWork {
  const tips = new TipCache()
  return {
    tip: async (remote, branch, { signal, maxAgeMs = 0 } = {}) => {
      const check = () => cleaned(redactor, readTip(transportOf(remote).refs, requireBranch(branch)))
      return unlessAborted(tips.get(remote, branch, { maxAgeMs, check }), signal)
    },
    defaultBranch: async (remote, signal) => readDefaultBranch(transportOf(remote).refs, signal),
    fetch: async (remote, branch, repo, signal) => {
      const store = of(repo)
      const order = { branch: requireBranch(branch), ...(signal && { signal }) }
      return transportOf(remote).within((url, env) => store.fetch(url, { ...order, env }))
    },
    push: async (remote, repo, push): Promise<PushResult> => {
      const store = of(repo)
      await requireDescendant(store, push)
      const order = { ...push, branch: requireBranch(push.branch) }
      const { code, stdout, stderr } = await transportOf(remote).within((url, env) =>
        store.push(url, { ...order, env })
      )
      return parsePush(code, redactor.redact(stdout.toString('utf8')), stderr)
    },
    check: async (remote, branch, tell) => {
      const clean = (step: CheckStep) => ({ ...step, message: redactor.redact(step.message) })
      const steps = await checkConnection(
        () => transportOf(remote),
        branch,
        (step) => tell?.(clean(step))
      )
      return steps.map(clean)
    }
  }
}

type SshWork = Pick<Git, 'generateKey' | 'publicKey' | 'hostKeys'>

function sshWork(outbound: Outbound, tools: SshTools): SshWork {
  return {
    generateKey: (comment) => tools.generate(comment),
    publicKey: (privateKey, passphrase) => tools.publicHalf(privateKey, passphrase),
    hostKeys: async (url) => {
      const address = parseSshAddress(url)
      return tools.scan(address, await outbound.admit(new URL(sshUrl(address))))
    }
  }
}

/** What a host says in an error of its own may be anything, also what we sent. */
function cleaned<T>(redactor: Redactor, work: Promise<T>): Promise<T> {
  return work.catch((thrown: unknown) => {
    const { code, kind, message, details } = toAppError(thrown)
    throw new AppError({ code, kind, details, message: redactor.redact(message), cause: thrown })
  })
}

/** The check goes on for the others that share it; who is told to stop does not wait for it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

type StoreWork = Pick<
  Git,
  'has' | 'files' | 'blob' | 'isAncestor' | 'info' | 'changes' | 'pushed' | 'among' | 'writeCommits'
>

function storeWork({ of }: Stores): StoreWork {
  return {
    has: async (repo, commit) => of(repo).has(commit),
    files: async (repo, commit, folder) => of(repo).files(commit, folder),
    blob: async (repo, blob, maxBytes) => of(repo).blob(blob, maxBytes),
    isAncestor: async (repo, ancestor, commit) => of(repo).isAncestor(ancestor, commit),
    info: async (repo, commit) => {
      const info = await of(repo).info(commit)
      if (info === undefined)
        throw new AppError({
          code: 'git/unknown-commit',
          kind: 'transient',
          message: `Commit ${commit} is not in the store.`
        })
      return info
    },
    changes: async (repo, range) => of(repo).changes(range),
    pushed: async (repo, range) => of(repo).pushed(range),
    among: async (repo, range) => of(repo).among(range),
    writeCommits: async (repo, parent, commits) => of(repo).writeCommits(parent, commits)
  }
}

/** A lease lets git overwrite what we expected to be there; nothing may be lost by it, so the commit must contain it. */
async function requireDescendant(store: BareStore, push: { commit: string; expected: string | null }): Promise<void> {
  if (push.expected === null || (await store.isAncestor(push.expected, push.commit))) return
  throw new AppError({
    code: 'git/not-a-descendant',
    kind: 'bug',
    message: `${push.commit} does not contain ${push.expected}`
  })
}
