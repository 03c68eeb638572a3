import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '../../src/demo/patience.ts'
import { freePort } from './free-port.ts'

const run = promisify(execFile)

export interface SshServer {
  port: number
  /** `user@127.0.0.1` */
  login: string
  url(repository: string): string
  repositoryFolder(name: string): string
  createRepository(name: string): Promise<void>
  /** lets the holder of this key in; `readOnly`: may fetch, may not push */
  authorize(publicKey: string, options?: { readOnly?: boolean }): Promise<void>
  /** what ssh-keyscan would show: `ssh-ed25519 AAAA…` */
  hostKey(): Promise<string>
  /** how often somebody has logged in so far */
  logins(): Promise<number>
  /** from now on the host has another key */
  changeHostKey(): Promise<void>
  close(): Promise<void>
}

/** A real sshd on loopback that serves bare repositories of a folder to whoever has an authorized key. */
export async function startSshServer(folder: string, wanted?: number): Promise<SshServer> {
  await mkdir(folder, { recursive: true })
  const port = wanted ?? (await freePort())
  const keys = join(folder, 'authorized_keys')
  const hostKey = join(folder, 'host_key')
  await writeFile(keys, '', { mode: 0o600 })
  await newHostKey(hostKey)
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true })
  let child = await startDaemon({ folder, port, keys, hostKey })
  const repositoryFolder = (name: string) => join(folder, `${name}.git`)
  const { username } = userInfo()
  return {
    port,
    login: `${username}@127.0.0.1`,
    repositoryFolder,
    url: (name) => `ssh://${username}@127.0.0.1:${port}${repositoryFolder(name)}`,
    createRepository: async (name) => {
      await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', repositoryFolder(name)])
    },
    authorize: async (publicKey, { readOnly = false } = {}) => {
      const only =
        'case "$SSH_ORIGINAL_COMMAND" in git-upload-pack*) eval "$SSH_ORIGINAL_COMMAND";; *) echo "This deploy key is read-only" >&2; exit 1;; esac'
      const options = readOnly ? `command="${only.replaceAll('"', '\\"')}" ` : ''
      await writeFile(keys, `${options}${publicKey}\n`, { flag: 'a' })
    },
    hostKey: async () => (await readFile(`${hostKey}.pub`, 'utf8')).split(' ').slice(0, 2).join(' '),
    logins: async () => (await readFile(join(folder, 'sshd.log'), 'utf8')).split('Accepted publickey').length - 1,
    changeHostKey: async () => {
      await stop(child)
      await newHostKey(hostKey)
      child = await startDaemon({ folder, port, keys, hostKey })
    },
    close: () => stop(child)
  }
}

async function newHostKey(file: string): Promise<void> {
  await rm(file, { force: true })
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
}

async function startDaemon(place: {
  folder: string
  port: number
  keys: string
  hostKey: string
}): Promise<ChildProcess> {
  const config = join(place.folder, 'sshd_config')
  const lines = [
    `Port ${place.port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${place.hostKey}`,
    `AuthorizedKeysFile ${place.keys}`,
    `PidFile ${join(place.folder, 'sshd.pid')}`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'StrictModes no',
    'UsePAM no'
  ]
  await writeFile(config, `${lines.join('\n')}\n`)
  const child = spawn('/usr/sbin/sshd', ['-D', '-E', join(place.folder, 'sshd.log'), '-f', config], { stdio: 'ignore' })
  await until(
    'sshd answers',
    10,
    async () => (await run('ssh-keyscan', ['-p', String(place.port), '127.0.0.1'])).stdout !== ''
  )
  return child
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  // sessions are children of their own, and would live on
  await run('pkill', ['-P', String(child.pid)]).catch(() => undefined)
  child.kill('SIGTERM')
  await ended
}
