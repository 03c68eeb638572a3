import { stringify } from 'yaml'

/** A way into an API server. */
export interface Way {
  url: string
  /** PEM */
  ca: string
  token: string
}

/** The file that kubectl, helm and the controllers read. */
export function kubeconfig({ url, ca, token }: Way, namespace = 'default'): string {
  const name = 'testbed'
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    'current-context': name
  })
}
