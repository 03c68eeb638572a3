import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Admitted } from '../../outbound/index.ts'
import { AppError, Secret } from '../../platform/index.ts'
import { withPrivateFolder } from '../private-folder.ts'
import { type GitOutput, type GitRunner, runTool } from '../run-git.ts'
import { type HostKey, knownHosts, parseHostKeys } from './host-keys.ts'
import type { SshAddress } from './ssh-address.ts'

/** What opens an SSH repository. */
export interface SshAccess {
  privateKey: Secret
  passphrase: Secret | null
  /** the keys that a person has confirmed; none = not confirmed yet */
  hostKeys: readonly HostKey[]
}

export interface KeyPair {
  privateKey: Secret
  /** one line, to be pasted at the git host */
  publicKey: string
}

const TOOL_MS = 15_000
const SCAN_SECONDS = 8
const MAX_BYTES = 64 * 1024
/** a kept connection saves the login, most of the price of an SSH request; it ends by itself */
const KEEP_SECONDS = 30
/** and the host has to show its key again every so often, however busy the connection is */
const LONGEST_MS = 600_000

/**
 * OpenSSH behind one door: keys and known hosts are files of a private folder while they are needed, passphrases reach
 * it by its environment. No configuration, agent or key of whoever started the server is used.
 */
export class SshTools {
  readonly #runner: GitRunner
  #folder: Promise<string> | undefined

  constructor(runner: GitRunner) {
    this.#runner = runner
  }

  /** A new ed25519 pair; the private half is known to nobody else. */
  generate(comment: string): Promise<KeyPair> {
    return this.#withFolder(async (folder) => {
      const file = join(folder, 'key')
      const made = await this.#run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file])
      if (made.code !== 0) throw toolFailed('ssh-keygen', made)
      const [privateKey, publicKey] = await Promise.all([readText(file), readText(`${file}.pub`)])
      return { privateKey: new Secret(privateKey), publicKey: publicKey.trim() }
    })
  }

  /** The public half of a pasted key. Rejects with `git/bad-key`, `git/wrong-passphrase`. */
  publicHalf(privateKey: Secret, passphrase: Secret | null): Promise<string> {
    return this.#withFolder(async (folder) => {
      const file = await writeKey(folder, privateKey)
      const env = await this.#askPass(folder, passphrase)
      const { code, stdout, stderr } = await this.#run('ssh-keygen', ['-y', '-f', file], env)
      if (code === 0) return stdout.toString('utf8').trim()
      if (/incorrect passphrase/i.test(stderr)) throw wrongPassphrase(passphrase)
      throw badKey()
    })
  }

  /** The keys that the host shows now; whether they are the right ones is for a person to say. */
  async scan({ host, port }: SshAddress, to: Admitted): Promise<HostKey[]> {
    const args = ['-T', String(SCAN_SECONDS), '-p', String(port), '-t', 'ed25519,ecdsa,rsa', '--', to.address]
    const { stdout } = await this.#run('ssh-keyscan', args)
    if (stdout.length === 0) {
      const message = `${host}:${port} does not answer as an SSH server. Check host and port.`
      throw new AppError({ code: 'git/unreachable', kind: 'transient', message })
    }
    return parseHostKeys(stdout.toString('utf8'))
  }

  /** Environment of a git call that goes over SSH, for as long as `work` lasts. */
  withAccess<T>(
    address: SshAddress,
    access: SshAccess,
    { to, work }: { to: Admitted; work: (env: Record<string, string>) => Promise<T> }
  ): Promise<T> {
    return this.#withFolder(async (folder) => {
      const key = await writeKey(folder, access.privateKey)
      const known = join(folder, 'known_hosts')
      await writeFile(known, knownHosts(ALIAS, access.hostKeys), { mode: 0o600 })
      const sockets = await this.#sockets()
      const command = ['ssh', ...sshOptions({ address, to, access, key, known, sockets })].map(quote).join(' ')
      const env = {
        GIT_SSH_COMMAND: command,
        GIT_SSH_VARIANT: 'ssh',
        ...(await this.#askPass(folder, access.passphrase))
      }
      return work(env)
    })
  }

  /** Ends the kept connections. */
  async close(): Promise<void> {
    const folder = await this.#folder?.catch(() => undefined)
    this.#folder = undefined
    if (folder === undefined) return
    for (const name of await readdir(folder)) {
      const socket = join(folder, name)
      await this.#run('ssh', ['-F', '/dev/null', '-O', 'exit', '-o', `ControlPath=${socket}`, ALIAS]).catch(
        () => undefined
      )
    }
    await rm(folder, { recursive: true, force: true })
  }

  /** of kept connections: in a folder with a short path, since sockets have a limit of 107 bytes */
  #sockets(): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'fl-ssh-'))
    return this.#folder
  }

  #withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    return withPrivateFolder(this.#runner.home, work)
  }

  /** OpenSSH asks a program for the passphrase: it says what is in the environment, which only this user can read. */
  async #askPass(folder: string, passphrase: Secret | null): Promise<Record<string, string>> {
    const script = join(folder, 'askpass')
    await writeFile(script, '#!/bin/sh\nprintf "%s\\n" "$FAULTLINE_PASSPHRASE"\n', { mode: 0o700 })
    await chmod(script, 0o700)
    return { SSH_ASKPASS: script, SSH_ASKPASS_REQUIRE: 'force', FAULTLINE_PASSPHRASE: passphrase?.reveal() ?? '' }
  }

  #run(tool: string, args: readonly string[], env: Record<string, string> = {}): Promise<GitOutput> {
    return runTool(this.#runner, { tool, args, env, deadlineMs: TOOL_MS, maxBytes: MAX_BYTES })
  }
}

/** the name under which known_hosts has the keys: one project's file holds one host */
const ALIAS = 'repository-host'

interface SshCall {
  address: SshAddress
  to: Admitted
  access: SshAccess
  key: string
  known: string
  sockets: string
}

function sshOptions({ address, to, access, key, known, sockets }: SshCall): string[] {
  const options = {
    HostName: to.address,
    HostKeyAlias: ALIAS,
    Port: String(address.port),
    User: address.user,
    IdentityFile: key,
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    PreferredAuthentications: 'publickey',
    NumberOfPasswordPrompts: '1',
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: known,
    GlobalKnownHostsFile: '/dev/null',
    CheckHostIP: 'no',
    UpdateHostKeys: 'no',
    ForwardAgent: 'no',
    ClearAllForwardings: 'yes',
    PermitLocalCommand: 'no',
    ProxyCommand: 'none',
    ConnectTimeout: '10',
    ServerAliveInterval: '10',
    ServerAliveCountMax: '2',
    ControlMaster: 'auto',
    ControlPath: join(sockets, socketName(address, to, access)),
    ControlPersist: String(KEEP_SECONDS)
  }
  return ['-F', '/dev/null', ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])]
}

/** A kept connection serves only who can open the same key and has confirmed the same host, and not for ever. */
function socketName(address: SshAddress, { address: ip }: Admitted, access: SshAccess): string {
  const keys = access.hostKeys.map(({ key }) => key)
  const secrets = [access.privateKey.reveal(), access.passphrase?.reveal() ?? null]
  const slot = Math.floor(Date.now() / LONGEST_MS)
  const whole = JSON.stringify([address.user, ip, address.port, secrets, keys, slot])
  return createHash('sha256').update(whole).digest('hex').slice(0, 16)
}

async function writeKey(folder: string, privateKey: Secret): Promise<string> {
  const file = join(folder, 'pasted')
  // OpenSSH refuses a key whose last line does not end, as pasting often leaves it
  await writeFile(file, `${privateKey.reveal().replaceAll('\r\n', '\n').trim()}\n`, { mode: 0o600 })
  return file
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8')
}

function toolFailed(tool: string, { stderr }: GitOutput): AppError {
  const message = `${tool} failed: ${stderr.trim().slice(0, 300)}`
  return new AppError({ code: 'git/ssh-tool', kind: 'stalled', message })
}

function wrongPassphrase(given: Secret | null): AppError {
  const message =
    given === null ? 'The key has a passphrase; give it too.' : 'The passphrase is not the one of this key.'
  return new AppError({ code: 'git/wrong-passphrase', kind: 'invalid', message })
}

function badKey(): AppError {
  const message =
    'This is no private key that OpenSSH reads. It begins with -----BEGIN OPENSSH PRIVATE KEY----- and is pasted whole.'
  return new AppError({ code: 'git/bad-key', kind: 'invalid', message })
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
