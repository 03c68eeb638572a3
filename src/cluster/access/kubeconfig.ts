import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { isTree, type Tree } from '../../domain/index.ts'
import { AppError, type Clock, Secret } from '../../platform/index.ts'
import type { ClusterAccess } from './cluster-access.ts'
import { execPlugin, execToken, type ProgramEnv } from './exec-credential.ts'
import { tokenFile } from './token-file.ts'

const LARGEST = 1024 * 1024
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/

/** Ways to say who one is that are not read, and what to do instead. */
const NOT_READ: readonly (readonly [field: string, advice: string])[] = [
  ['auth-provider', 'Kubernetes has dropped it: use a token or a client certificate'],
  ['username', 'Kubernetes has dropped it: use a token or a client certificate'],
  ['as', 'give the agent an account of its own']
]

/**
 * The current context of a kubeconfig (`clientcmd/v1`): token, token file, client certificate, or a program that
 * tells a token. Files are named relative to the kubeconfig. `program`: the surroundings of that program; null = none
 * may be run. Errors: `cluster/bad-kubeconfig`, which says what is wrong where.
 */
export async function kubeconfigAccess(
  path: string,
  clock: Clock,
  program: ProgramEnv | null = null
): Promise<ClusterAccess> {
  const bad = (why: string) => badConfig(path, why)
  const config = await readConfig(path, bad)
  const context = named(config, 'contexts', 'context', text(config['current-context']) ?? '', bad)
  const cluster = named(config, 'clusters', 'cluster', text(context.cluster) ?? '', bad)
  const user = named(config, 'users', 'user', text(context.user) ?? '', bad)
  for (const [field, advice] of NOT_READ)
    if (user[field] !== undefined) throw bad(`its user has "${field}", which is not supported: ${advice}`)
  if (cluster['insecure-skip-tls-verify'] === true)
    throw bad('it skips the check of the server (insecure-skip-tls-verify): give its authority instead')
  if (cluster['proxy-url'] !== undefined) throw bad('its cluster has a proxy-url, which is not supported')
  const read = (tree: Tree, field: string) => readPart(tree, field, dirname(path), bad)
  const [ca, cert, key] = await Promise.all([
    read(cluster, 'certificate-authority'),
    read(user, 'client-certificate'),
    read(user, 'client-key')
  ])
  if ((cert === null) !== (key === null)) throw bad('client-certificate and client-key belong together')
  return {
    server: serverOf(text(cluster.server), bad),
    ca,
    serverName: text(cluster['tls-server-name']) ?? null,
    certificate: cert === null || key === null ? null : { cert, key: new Secret(key) },
    token:
      user.exec === undefined ? tokenOf(user, dirname(path), clock) : programOf(user.exec, { clock, program, bad }),
    namespace: text(context.namespace) ?? 'default',
    from: path
  }
}

type Bad = (why: string) => AppError

async function readConfig(path: string, bad: Bad): Promise<Tree> {
  try {
    const { size } = await stat(path)
    if (size > LARGEST) throw new Error(`it has ${size} bytes`)
    const config: unknown = parse(await readFile(path, 'utf8'), { maxAliasCount: 0 })
    if (!isTree(config)) throw new Error('it is no map')
    return config
  } catch (error) {
    throw bad((error as Error).message)
  }
}

function named(config: Tree, list: string, item: string, name: string, bad: Bad): Tree {
  const entries = Array.isArray(config[list]) ? config[list] : []
  const found: unknown = entries.find((entry) => isTree(entry) && entry.name === name)
  if (isTree(found) && isTree(found[item])) return found[item]
  throw bad(name === '' ? `it names no ${item}` : `${list} has no "${name}"`)
}

function serverOf(address: string | undefined, bad: Bad): URL {
  if (address === undefined || !URL.canParse(address)) throw bad('its cluster has no server')
  const url = new URL(address)
  const plain = url.protocol === 'http:' && LOOPBACK.test(url.hostname)
  if (url.protocol === 'https:' || plain) return url
  throw bad(`the server ${address} is neither https nor on loopback: credentials would be readable on the way`)
}

async function readPart(tree: Tree, field: string, folder: string, bad: Bad): Promise<string | null> {
  const data = text(tree[`${field}-data`])
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8')
  const file = text(tree[field])
  if (file === undefined) return null
  return readFile(resolve(folder, file), 'utf8').catch((error: Error) => {
    throw bad(`its ${field} cannot be read: ${error.message}`)
  })
}

function tokenOf(user: Tree, folder: string, clock: Clock): ClusterAccess['token'] {
  const file = text(user.tokenFile)
  if (file !== undefined) return tokenFile(resolve(folder, file), clock)
  const token = text(user.token)
  const secret = token === undefined ? null : new Secret(token)
  return async () => secret
}

function programOf(
  exec: unknown,
  { clock, program, bad }: { clock: Clock; program: ProgramEnv | null; bad: Bad }
): ClusterAccess['token'] {
  const plugin = execPlugin(exec)
  if (plugin === null)
    throw bad('its user has an "exec" without a command, arguments or an apiVersion that can be read')
  if (program !== null) return execToken(plugin, program, clock)
  throw bad(
    `its user signs in by the program ${plugin.command}, which would be run as the agent's own user: start the agent with ` +
      '--allow-kubeconfig-exec if you trust this file, or give the agent a ServiceAccount, and a kubeconfig with its token'
  )
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function badConfig(path: string, why: string): AppError {
  const message = `The kubeconfig ${path} cannot be used: ${why}.`
  return new AppError({ code: 'cluster/bad-kubeconfig', kind: 'invalid', message })
}
