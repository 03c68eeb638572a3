import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { Launch } from './child.ts'
import { FILES, type Place } from './place.ts'

/** What each program of a cluster is started with; nothing listens elsewhere than on loopback. */

const LOOPBACK = '127.0.0.1'
const PODS = '10.244.0.0/16'
const SERVICES = '10.96.0.0/16'

export function etcd(binaries: Binaries, { folder, ports }: Place): Launch {
  const [clients, peers] = [`http://${LOOPBACK}:${ports.etcd}`, `http://${LOOPBACK}:${ports.etcdPeers}`]
  const args = flags({
    name: 'testbed',
    'data-dir': join(folder, 'etcd'),
    // nothing here outlives the cluster
    'unsafe-no-fsync': true,
    'log-level': 'warn',
    'listen-client-urls': clients,
    'advertise-client-urls': clients,
    'listen-peer-urls': peers,
    'initial-advertise-peer-urls': peers,
    'initial-cluster': `testbed=${peers}`
  })
  return launch(binaries, 'etcd', args)
}

export function apiServer(binaries: Binaries, { folder, ports }: Place): Launch {
  const file = (name: string) => join(folder, name)
  const args = flags({
    'etcd-servers': `http://${LOOPBACK}:${ports.etcd}`,
    'bind-address': LOOPBACK,
    'secure-port': ports.api,
    // without a default route it would find no address to advertise, and refuse loopback as an endpoint
    'advertise-address': LOOPBACK,
    'endpoint-reconciler-type': 'none',
    'service-cluster-ip-range': SERVICES,
    'allow-privileged': true,
    'tls-cert-file': file(FILES.certificate),
    'tls-private-key-file': file(FILES.key),
    'client-ca-file': file(FILES.ca),
    'token-auth-file': file(FILES.tokens),
    'authorization-mode': 'Node,RBAC',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': file(FILES.accountKey),
    'service-account-signing-key-file': file(FILES.accountKey),
    'kubelet-preferred-address-types': 'InternalIP',
    profiling: false
  })
  return launch(binaries, 'kube-apiserver', args)
}

export function controllerManager(binaries: Binaries, { folder }: Place): Launch {
  const args = flags({
    kubeconfig: join(folder, FILES.kubeconfig('controllers')),
    'leader-elect': false,
    'secure-port': 0,
    'service-account-private-key-file': join(folder, FILES.accountKey),
    'root-ca-file': join(folder, FILES.ca),
    'use-service-account-credentials': false,
    profiling: false
  })
  return launch(binaries, 'kube-controller-manager', args)
}

export function scheduler(binaries: Binaries, { folder }: Place): Launch {
  const kubeconfig = join(folder, FILES.kubeconfig('scheduler'))
  return launch(
    binaries,
    'kube-scheduler',
    flags({ kubeconfig, 'leader-elect': false, 'secure-port': 0, profiling: false })
  )
}

/** The kubelet of every node: pods get the states that `stages.yaml` tells, and no process. */
export function kubelet(binaries: Binaries, { folder, ports }: Place): Launch {
  const args = flags({
    kubeconfig: join(folder, FILES.kubeconfig('kubelet')),
    config: join(folder, FILES.stages),
    'manage-all-nodes': true,
    // as a kubelet does: renewed each 10 s; by the status alone a node is near its grace time, and is lost on a busy machine
    'node-lease-duration-seconds': 40,
    'node-ip': LOOPBACK,
    'node-port': ports.kubelet,
    'server-address': `${LOOPBACK}:${ports.kubelet}`,
    'tls-cert-file': join(folder, FILES.certificate),
    'tls-private-key-file': join(folder, FILES.key),
    cidr: PODS
  })
  return launch(binaries, 'kwok', args)
}

function launch(binaries: Binaries, name: string, args: string[]): Launch {
  return { name, file: binaries.program(name), args }
}

function flags(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`)
}
