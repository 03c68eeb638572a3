import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeAuthority } from '../../test/harness/certificates.ts'
import { freePort } from '../../test/harness/free-port.ts'
import { kubeconfig } from './kubeconfig.ts'

/** Who speaks to the API server from the start, and as whom. */
export const ACCOUNTS = {
  admin: { user: 'admin', group: 'system:masters' },
  // its loops run as one user here: less than everything, and it silently reconciles nothing
  controllers: { user: 'system:kube-controller-manager', group: 'system:masters' },
  scheduler: { user: 'system:kube-scheduler', group: '' },
  kubelet: { user: 'kwok', group: 'system:masters' }
} as const

export type Account = keyof typeof ACCOUNTS

/** What a cluster has before any of its programs runs: ports of its own, keys, and a way in for each account. */
export interface Place {
  folder: string
  /** where the API server listens, `https://127.0.0.1:…` */
  url: string
  ports: { api: number; etcd: number; etcdPeers: number; kubelet: number }
  /** PEM of the authority that signed the API server's certificate */
  ca: string
  tokens: Record<Account, string>
}

/** File names in the folder of a cluster. */
export const FILES = {
  ca: 'ca.pem',
  certificate: 'server.pem',
  key: 'server.key',
  accountKey: 'service-accounts.key',
  tokens: 'tokens.csv',
  stages: 'stages.yaml',
  podLog: 'pod.log',
  kubeconfig: (account: Account) => `${account}.kubeconfig`
} as const

/** Fills an empty folder. Keys and tokens are new each time, readable by their owner alone. */
export async function settle(folder: string): Promise<Place> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const ports = await choosePorts()
  const authority = await makeAuthority(folder, 'testbed')
  const names = 'IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc'
  const server = await authority.issue({ for: names })
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' })
  const tokens = eachAccount(() => randomBytes(16).toString('hex'))
  const place = { folder, url: `https://127.0.0.1:${ports.api}`, ports, ca: authority.pem, tokens }
  await writeAll(folder, {
    [FILES.ca]: authority.pem,
    [FILES.certificate]: server.cert,
    [FILES.key]: server.key,
    [FILES.accountKey]: signing.toString(),
    [FILES.tokens]: tokenFile(tokens),
    [FILES.podLog]: `${new Date().toISOString()} stdout F simulated: nothing runs in here\n`
  })
  const ways = Object.entries(tokens).map(([account, token]) => [
    FILES.kubeconfig(account as Account),
    kubeconfig({ url: place.url, ca: place.ca, token })
  ])
  await writeAll(folder, Object.fromEntries(ways))
  return place
}

/** Chosen at once, so that they differ. */
async function choosePorts(): Promise<Place['ports']> {
  const [api = 0, etcd = 0, etcdPeers = 0, kubelet = 0] = await Promise.all([1, 2, 3, 4].map(() => freePort()))
  return { api, etcd, etcdPeers, kubelet }
}

/** As kube-apiserver reads it: token, user, uid, groups. */
function tokenFile(tokens: Record<Account, string>): string {
  const line = ([account, { user, group }]: [string, { user: string; group: string }]) =>
    `${tokens[account as Account]},${user},${account},"${group}"\n`
  return Object.entries(ACCOUNTS).map(line).join('')
}

function eachAccount<T>(make: () => T): Record<Account, T> {
  return { admin: make(), controllers: make(), scheduler: make(), kubelet: make() }
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 })
}
