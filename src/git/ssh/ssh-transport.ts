import type { Admitted, Outbound } from '../../outbound/index.ts'
import { AppError, toAppError } from '../../platform/index.ts'
import { gitError } from '../errors.ts'
import type { GitRemote } from '../git.ts'
import { refsOf } from '../refs.ts'
import { type GitRunner, runGit } from '../run-git.ts'
import type { Transport } from '../transport.ts'
import type { HostKey } from './host-keys.ts'
import { parseSshAddress, type SshAddress, sshUrl } from './ssh-address.ts'
import type { SshAccess, SshTools } from './ssh-tools.ts'

const REFS_MS = 20_000
const MAX_BYTES = 8 * 1024 * 1024

export interface SshKit {
  outbound: Outbound
  runner: GitRunner
  tools: SshTools
}

/** OpenSSH by git, over a kept connection; refs by `git ls-remote`. */
export function sshTransport(kit: SshKit, remote: GitRemote): Transport {
  const within: Transport['within'] = async (work) => {
    const address = parseSshAddress(remote.url)
    const access = requireAccess(remote)
    if (access.hostKeys.length === 0) throw hostKeyUnknown()
    const to = await kit.outbound.admit(new URL(sshUrl(address)))
    return kit.tools.withAccess(address, access, { to, work: (env) => work(addressForGit(remote.url), env) })
  }
  /** OpenSSH does not say that it could not open the key: to the host it looks like a stranger's. */
  const explained = async (error: AppError, { ssh }: GitRemote) => {
    if (error.code !== 'git/auth' || ssh === undefined) return error
    const opened = kit.tools.publicHalf(ssh.privateKey, ssh.passphrase)
    return opened.then(() => error, toAppError)
  }
  const lsRemote = (ask: {
    options?: readonly string[]
    patterns?: readonly string[]
    signal?: AbortSignal | undefined
  }) =>
    within(async (url, env) => {
      const args = ['ls-remote', ...(ask.options ?? []), '--', url, ...(ask.patterns ?? [])]
      const limits = { deadlineMs: REFS_MS, maxBytes: MAX_BYTES, ...(ask.signal && { signal: ask.signal }) }
      const { code, stdout, stderr } = await runGit(kit.runner, { args, env, ...limits })
      if (code !== 0) throw await explained(gitError('Asking the git host', stderr), remote)
      return stdout
        .toString('utf8')
        .split('\n')
        .map((line) => line.replace('\t', ' '))
    })
  return {
    refs: async (prefix, signal) => {
      const patterns = [prefix.endsWith('/') ? `${prefix}*` : prefix]
      return refsOf(await lsRemote({ patterns, signal }), prefix)
    },
    requirePush: async () => {
      await lsRemote({ options: ['--upload-pack=git-receive-pack'] })
    },
    within,
    steps: steps(kit, remote),
    credential: 'key'
  }
}

function steps(kit: SshKit, remote: GitRemote): Transport['steps'] {
  const place = async (): Promise<{ address: SshAddress; to: Admitted }> => {
    const address = parseSshAddress(remote.url)
    return { address, to: await kit.outbound.admit(new URL(sshUrl(address))) }
  }
  let shown: HostKey[] = []
  return [
    { name: 'url', look: async () => `${(await place()).address.host} may be called.` },
    {
      name: 'reach',
      look: async () => {
        const { address, to } = await place()
        shown = await kit.tools.scan(address, to)
        return 'The SSH server answers.'
      }
    },
    { name: 'host-key', look: async () => judgeHostKeys(requireAccess(remote).hostKeys, shown) }
  ]
}

function judgeHostKeys(confirmed: readonly HostKey[], shown: readonly HostKey[]): string {
  const known = shown.find(({ key }) => confirmed.some((one) => one.key === key))
  if (known !== undefined) return `The host shows the confirmed key ${known.fingerprint}.`
  const fingerprints = shown.map(({ type, fingerprint }) => `${fingerprint} (${type})`).join(', ')
  if (confirmed.length > 0) throw hostKeyChanged(fingerprints)
  throw hostKeyUnknown(`The host shows ${fingerprints}. Compare it with what the git host publishes, then confirm it.`)
}

function hostKeyUnknown(
  message = 'No key of the git host is confirmed yet: look at it in the GitOps settings, compare it with what the host publishes, and confirm it.'
): AppError {
  return new AppError({ code: 'git/host-key-unknown', kind: 'stalled', message })
}

function hostKeyChanged(fingerprints: string): AppError {
  const message = `The host shows another key than the confirmed one: ${fingerprints}. Somebody may be in between; find out before you confirm it.`
  return new AppError({ code: 'git/host-key-changed', kind: 'stalled', message })
}

function requireAccess(remote: GitRemote): SshAccess {
  if (remote.ssh !== undefined) return remote.ssh
  const message =
    'This is an SSH address, and there is no SSH key yet. Generate or paste one, or use the https address.'
  throw new AppError({ code: 'git/no-key', kind: 'stalled', message })
}

/** As typed: a path of the short form is relative to the home of the user, which some hosts care about. */
function addressForGit(url: string): string {
  return url.trim()
}
