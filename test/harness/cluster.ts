import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { until } from '../../src/demo/patience.ts'
import { KubeApi } from '../../tools/testbed/kube-api.ts'
import { kubeconfig } from '../../tools/testbed/kubeconfig.ts'

const PATIENCE_S = 30
const CORE = '/api/v1'
const RBAC = '/apis/rbac.authorization.k8s.io/v1'

/** As in a Role or ClusterRole. */
export interface PolicyRule {
  apiGroups: string[]
  resources: string[]
  verbs: string[]
  resourceNames?: string[]
}

/** Somebody with a token of an own ServiceAccount. */
export interface TestAccount {
  api: KubeApi
  token: string
  /** text of a kubeconfig whose namespace is the test's */
  kubeconfig: string
}

/** A namespace of the test run's cluster. */
export interface TestNamespace {
  name: string
  /** may do everything, everywhere */
  admin: KubeApi
  /** path of the admin's kubeconfig */
  kubeconfig: string
  /** `in('/apis/apps/v1', 'deployments/web')` is the path of it in this namespace */
  in(groupVersion: string, rest: string): string
  /** A new ServiceAccount that may do what these rules say, in this namespace or everywhere. */
  account(name: string, rules: readonly PolicyRule[], scope?: 'namespace' | 'cluster'): Promise<TestAccount>
  /** looks until it finds something, for 30 s */
  until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>
  /** deletes the namespace without waiting for its end, and what was granted */
  close(): Promise<void>
}

/** A new namespace, whose name begins with `name`. One per test file. */
export async function testNamespace(name: string): Promise<TestNamespace> {
  const { kubeconfig: path, ...way } = inject('cluster')
  const admin = new KubeApi(way)
  const namespace = `${name}-${randomBytes(3).toString('hex')}`
  const within = (groupVersion: string, rest: string) => `${groupVersion}/namespaces/${namespace}/${rest}`
  const grants = new Grants(admin, namespace)
  await admin.create(`${CORE}/namespaces`, { metadata: { name: namespace } })
  await until('the namespace has its account', PATIENCE_S, () => admin.get(within(CORE, 'serviceaccounts/default')))
  return {
    name: namespace,
    admin,
    kubeconfig: path,
    in: within,
    account: (account, rules, scope = 'namespace') => grants.make(account, rules, scope),
    until: (what, look) => until(what, PATIENCE_S, look),
    close: async () => {
      await grants.close()
      await admin.remove(`${CORE}/namespaces/${namespace}`)
      await admin.close()
    }
  }
}

/** The accounts of a namespace, and what they were granted outside of it. */
class Grants {
  readonly #admin: KubeApi
  readonly #namespace: string
  readonly #apis: KubeApi[] = []
  readonly #everywhere: string[] = []

  constructor(admin: KubeApi, namespace: string) {
    this.#admin = admin
    this.#namespace = namespace
  }

  async make(name: string, rules: readonly PolicyRule[], scope: 'namespace' | 'cluster'): Promise<TestAccount> {
    const accounts = `${CORE}/namespaces/${this.#namespace}/serviceaccounts`
    await this.#admin.create(accounts, { metadata: { name } })
    await this.#grant(name, rules, scope)
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } }
    const { status } = await this.#admin.create<{ status: { token: string } }>(`${accounts}/${name}/token`, request)
    const way = { ...this.#admin.way, token: status.token }
    const api = new KubeApi(way)
    this.#apis.push(api)
    return { api, token: status.token, kubeconfig: kubeconfig(way, this.#namespace) }
  }

  async close(): Promise<void> {
    await Promise.all(this.#apis.map((api) => api.close()))
    for (const path of this.#everywhere.splice(0)) await this.#admin.remove(path)
  }

  async #grant(name: string, rules: readonly PolicyRule[], scope: 'namespace' | 'cluster'): Promise<void> {
    const [kind, base] =
      scope === 'namespace' ? ['Role', `${RBAC}/namespaces/${this.#namespace}/`] : ['ClusterRole', `${RBAC}/`]
    const metadata = { name: scope === 'namespace' ? name : `${this.#namespace}-${name}` }
    const resources = { roles: `${base}${kind.toLowerCase()}s`, bindings: `${base}${kind.toLowerCase()}bindings` }
    const subjects = [{ kind: 'ServiceAccount', name, namespace: this.#namespace }]
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name: metadata.name }
    await this.#admin.create(resources.roles, { metadata, rules })
    await this.#admin.create(resources.bindings, { metadata, subjects, roleRef })
    if (scope === 'cluster')
      this.#everywhere.push(`${resources.bindings}/${metadata.name}`, `${resources.roles}/${metadata.name}`)
  }
}
