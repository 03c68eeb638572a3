import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { clusterKeyStore, createClusterJournal, workloadAspects } from '../agent/index.ts'
import {
  AgentTurn,
  agentSecret,
  type ClusterAccess,
  clusterTarget,
  createArgoEngine,
  inClusterAccess,
  KubeClient,
  kubeconfigAccess,
  SERVICE_ACCOUNT_FOLDER,
  undoRecords,
  WorkloadWatch
} from '../cluster/index.ts'
import type { WatchedKind } from '../domain/index.ts'
import { newId, systemClock } from '../platform/index.ts'
import type { AgentKit, AgentWorld } from './agent-world.ts'

/** Which cluster, and how much of it. */
export interface ClusterPlace {
  /** a file; null = the cluster whose pod this is */
  kubeconfig: string | null
  /** the only one that is observed; null = all */
  namespace: string | null
  /** kinds beside Deployment, StatefulSet and DaemonSet that are observed */
  further: readonly WatchedKind[]
  /** where a pod finds its API server: KUBERNETES_SERVICE_HOST and _PORT */
  host: string | undefined
  port: string | undefined
  /** the surroundings of the program that the kubeconfig signs in by; null = none may be run */
  program: Readonly<Record<string, string | undefined>> | null
  /** probes of workflows may make and delete objects */
  allowCommands: boolean
}

/** A cluster, through its API server. The agent keeps the user that started it: no workload runs beside it. */
export async function openClusterWorld(
  place: ClusterPlace,
  folder: string,
  { log, redactor, shutdown, onGone }: AgentKit
): Promise<AgentWorld> {
  // lists of a large cluster are read once and let go of: V8 is to give back what it took for them
  setFlagsFromString('--optimize-for-size')
  const access = await accessTo(place)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const token = await access.token()
  if (token !== null) redactor.track(token)
  const client = new KubeClient(access, systemClock)
  shutdown.add('cluster', () => client.close())
  const holder = `${hostname()}_${newId()}`
  const turn = new AgentTurn({ client, namespace: access.namespace, holder, clock: systemClock, log, onLost: onGone })
  shutdown.add('turn', () => turn.close())
  const watch = new WorkloadWatch({
    client,
    namespace: place.namespace,
    further: place.further,
    aspects: workloadAspects,
    clock: systemClock,
    log
  })
  shutdown.add('watch', () => watch.stop())
  const seen = place.namespace === null ? 'all namespaces' : `namespace ${place.namespace}`
  return {
    kind: 'kubernetes',
    target: clusterTarget(client, { allowsCommands: place.allowCommands }),
    argo: createArgoEngine({ client, scope: place.namespace, clock: systemClock, log }),
    journal: createClusterJournal(undoRecords(client, access.namespace), log),
    source: watch,
    keys: clusterKeyStore(agentSecret(client, access.namespace)),
    origins: () => [],
    turn: (signal) => turn.take(signal),
    ready: `The agent observes ${seen} of ${access.server.origin}; its undo records are in namespace ${access.namespace}.`
  }
}

function accessTo({ kubeconfig, host, port, program }: ClusterPlace): Promise<ClusterAccess> {
  if (kubeconfig !== null) return kubeconfigAccess(kubeconfig, systemClock, program)
  return inClusterAccess({ host, port, folder: SERVICE_ACCOUNT_FOLDER, clock: systemClock })
}
