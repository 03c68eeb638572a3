import { parseAllDocuments } from 'yaml'
import type { KubeObject } from '../../tools/testbed/kube-api.ts'
import { kubeconfig } from '../../tools/testbed/kubeconfig.ts'
import type { TestNamespace } from '../harness/cluster.ts'

const PLURALS: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Secret: 'secrets',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Deployment: 'deployments',
  Lease: 'leases',
  Service: 'services',
  StatefulSet: 'statefulsets',
  Ingress: 'ingresses'
}

/** A manifest, as `kubectl apply --server-side` sends it. */
export class AppliedManifest {
  readonly #admin: TestNamespace['admin']
  readonly #objects: KubeObject[]

  constructor({ admin }: TestNamespace, text: string) {
    this.#admin = admin
    this.#objects = parseAllDocuments(text).map((document) => document.toJS() as KubeObject)
  }

  get #account(): KubeObject {
    const found = this.#objects.find(({ kind }) => kind === 'ServiceAccount')
    if (found === undefined) throw new Error('no account')
    return found
  }

  async apply(): Promise<void> {
    await this.#send('fieldManager=kubectl&fieldValidation=Strict')
  }

  /** As `--dry-run=server`: the API server judges each object, with its admission, and keeps none. */
  async tried(): Promise<void> {
    await this.#send('fieldManager=kubectl&fieldValidation=Strict&dryRun=All')
  }

  async #send(query: string): Promise<void> {
    for (const object of this.#objects)
      await this.#admin.patch(`${pathOf(object)}?${query}`, object, 'application/apply-patch+yaml')
  }

  /** of the account, with a token of an hour */
  async kubeconfig(): Promise<string> {
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } }
    const path = `${pathOf(this.#account)}/token`
    const { status } = await this.#admin.create<{ status: { token: string } }>(path, request)
    return kubeconfig({ ...this.#admin.way, token: status.token }, this.#account.metadata.namespace ?? '')
  }

  async remove(): Promise<void> {
    for (const object of this.#objects)
      if (object.metadata.namespace === undefined) await this.#admin.remove(pathOf(object))
  }
}

function pathOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): string {
  const base = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`
  return `${base}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${PLURALS[kind]}/${name}`
}
