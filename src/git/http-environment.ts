import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Outbound, proxyAddress, type Route } from '../outbound/index.ts'
import type { Secret } from '../platform/index.ts'
import type { GitRemote } from './git.ts'
import { withPrivateFolder } from './private-folder.ts'
import { parseRepositoryUrl } from './repository-url.ts'
import type { GitRunner } from './run-git.ts'

type Setting = readonly [name: string, value: string]

/**
 * Token, proxy and pinned address reach git by its environment, which only this user can read: not by argv, which
 * everybody can, nor by a file, which would stay. Authorities are no secret, and git reads them from a file alone.
 */
export async function withHttpEnvironment<T>(
  { outbound, runner }: { outbound: Outbound; runner: GitRunner },
  remote: GitRemote,
  work: (env: Record<string, string>) => Promise<T>
): Promise<T> {
  const url = parseRepositoryUrl(remote.url)
  const route = await outbound.route(url, remote.proxy ?? null)
  const settings = [...wayOf(url, route), ...tokenOf(remote)]
  const { ca } = remote
  if (ca === undefined || ca === null) return work(environmentOf(settings))
  return withPrivateFolder(runner.home, async (folder) =>
    work(environmentOf([...settings, ...(await trustOf(folder, ca))]))
  )
}

/** The address that was judged is the one that is called. */
function wayOf(url: URL, { to, proxy }: Route): Setting[] {
  const called = proxy === null ? url : proxy.url
  const port = called.port || (called.protocol === 'https:' ? '443' : '80')
  const address = to.family === 6 ? `[${to.address}]` : to.address
  const pinned: Setting = ['http.curloptResolve', `${called.hostname.replace(/^\[|\]$/g, '')}:${port}:${address}`]
  if (proxy === null) return [pinned]
  return [pinned, ['http.proxy', proxyAddress(proxy)], ['http.proxyAuthMethod', 'basic']]
}

function tokenOf({ username, token }: GitRemote): Setting[] {
  return token === null ? [] : [['http.extraHeader', authorization(username, token)]]
}

/** These authorities, and none of those that the system trusts. */
async function trustOf(folder: string, ca: string): Promise<Setting[]> {
  const [file, none] = [join(folder, 'authorities.pem'), join(folder, 'none')]
  await Promise.all([writeFile(file, ca, { mode: 0o600 }), mkdir(none)])
  return [
    ['http.sslCAInfo', file],
    ['http.sslCAPath', none]
  ]
}

function environmentOf(settings: readonly Setting[]): Record<string, string> {
  const entries = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value]
  ])
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(entries) }
}

function authorization(username: string, token: Secret): string {
  return `Authorization: Basic ${Buffer.from(`${username}:${token.reveal()}`).toString('base64')}`
}
