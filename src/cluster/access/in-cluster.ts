import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, type Clock } from '../../platform/index.ts'
import type { ClusterAccess } from './cluster-access.ts'
import { tokenFile } from './token-file.ts'

/** Where the kubelet mounts the files of a pod's ServiceAccount. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'

export interface InClusterOptions {
  /** KUBERNETES_SERVICE_HOST and _PORT; absent outside of a pod */
  host: string | undefined
  port: string | undefined
  folder: string
  clock: Clock
}

/** The way that every pod is given into its own cluster. Errors: `cluster/no-credentials`. */
export async function inClusterAccess({ host, port, folder, clock }: InClusterOptions): Promise<ClusterAccess> {
  if (host === undefined || port === undefined)
    throw noPod('KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set')
  const read = (name: string) =>
    readFile(join(folder, name), 'utf8').catch((error: Error) => {
      throw noPod(`${join(folder, name)} cannot be read (${error.message})`)
    })
  const [ca, namespace] = await Promise.all([read('ca.crt'), read('namespace')])
  return {
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    ca,
    serverName: null,
    certificate: null,
    token: tokenFile(join(folder, 'token'), clock),
    namespace: namespace.trim(),
    from: `the ServiceAccount in ${folder}`
  }
}

function noPod(why: string): AppError {
  const message = `This process has no ServiceAccount of a cluster: ${why}. Outside of a pod, name a file with --kubeconfig.`
  return new AppError({ code: 'cluster/no-credentials', kind: 'stalled', message })
}
