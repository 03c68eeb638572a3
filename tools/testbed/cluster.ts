import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../../src/demo/patience.ts'
import type { Binaries } from './binaries.ts'
import { Child, type Launch } from './child.ts'
import { KubeApi } from './kube-api.ts'
import type { Way } from './kubeconfig.ts'
import { FILES, type Place, settle } from './place.ts'
import { apiServer, controllerManager, etcd, kubelet, scheduler } from './recipe.ts'

const NODES = ['node-1', 'node-2', 'node-3']
const START_S = 90

/** A port is free when it is chosen; somebody may take it before it is used. */
const TAKEN = /address already in use/
const TRIES = 3

export interface Cluster {
  folder: string
  /** the programs that it is made of, and those of its tiers */
  binaries: Binaries
  /** path, of an account that may do everything */
  kubeconfig: string
  admin: Way
  /** a client of that account */
  api: KubeApi
  /** the programs that run, also those that were added */
  children: readonly Child[]
  /** starts one more program beside the cluster */
  add(launch: Launch): Child
  /** waits for it; gives up as soon as a program has ended */
  until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>
  /** ends every program; what is in the folder stays */
  stop(): Promise<void>
}

/**
 * A real control plane with simulated nodes in an empty folder of its own, ready to take pods. All of it ends with this
 * process. Rejects with `testbed/program-ended`, or with what was waited for in vain.
 */
export async function startCluster(folder: string, binaries: Binaries): Promise<Cluster> {
  for (let tries = 1; ; tries++) {
    try {
      return await startOnce(join(folder, String(tries)), binaries)
    } catch (error) {
      if (tries === TRIES || !TAKEN.test(String(error))) throw error
    }
  }
}

async function startOnce(folder: string, binaries: Binaries): Promise<Cluster> {
  const place = await settle(folder)
  await copyFile(join(import.meta.dirname, 'stages.yaml'), join(folder, FILES.stages))
  const cluster = clusterAt(place, binaries)
  try {
    // the API server asks etcd until it answers
    cluster.add(etcd(binaries, place))
    cluster.add(apiServer(binaries, place))
    await cluster.until('the API server is ready', () => cluster.api.isReady())
    cluster.add(controllerManager(binaries, place))
    cluster.add(scheduler(binaries, place))
    cluster.add(kubelet(binaries, place))
    await cluster.until('nodes are ready', () => joinNodes(cluster.api))
    await cluster.until('pods have an account', () =>
      cluster.api.get('/api/v1/namespaces/default/serviceaccounts/default')
    )
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

function clusterAt(place: Place, binaries: Binaries): Cluster {
  const children: Child[] = []
  const admin = { url: place.url, ca: place.ca, token: place.tokens.admin }
  const api = new KubeApi(admin)
  return {
    folder: place.folder,
    binaries,
    kubeconfig: join(place.folder, FILES.kubeconfig('admin')),
    admin,
    api,
    children,
    add: (launch) => {
      const child = new Child(launch, place.folder)
      children.push(child)
      return child
    },
    until: (what, look) => waitFor(children, what, look),
    stop: async () => {
      await Promise.all(children.map((child) => child.stop()))
      await api.close()
    }
  }
}

async function waitFor<T>(
  children: readonly Child[],
  what: string,
  look: () => Promise<T | undefined | false>
): Promise<T> {
  const over = () => children.find((child) => child.isOver)
  try {
    return await until(what, START_S, look, () => over() !== undefined)
  } catch (error) {
    const ended = over()
    throw ended === undefined ? error : ended.failure(await ended.ended)
  }
}

/** Makes those that are missing; what makes them Ready is the simulated kubelet. */
async function joinNodes(api: KubeApi): Promise<boolean> {
  const nodes = await api.list<Node>('/api/v1/nodes')
  const missing = NODES.filter((name) => !nodes.some((node) => node.metadata.name === name))
  for (const name of missing) await api.create('/api/v1/nodes', simulatedNode(name))
  return missing.length === 0 && nodes.every(isReady)
}

interface Node {
  metadata: { name: string }
  status?: { conditions?: { type: string; status: string }[] }
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true
}

function simulatedNode(name: string): object {
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' }
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } }
}
