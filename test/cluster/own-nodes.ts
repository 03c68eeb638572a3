import { randomBytes } from 'node:crypto'
import type { KubeObject } from '../../tools/testbed/kube-api.ts'
import type { TestNamespace } from '../harness/cluster.ts'
import { APPS, CORE, deployment, rolledOut } from './workloads.ts'

export interface Node extends KubeObject {
  spec: { unschedulable?: boolean; taints?: { key: string; value?: string; effect: string }[] }
}

const NODES = `${CORE}/nodes`

/** Nodes that no other test's pods go to, and a Deployment web that goes to no others. */
export class OwnNodes {
  readonly names: string[] = []
  readonly #namespace: TestNamespace
  readonly #mark = randomBytes(3).toString('hex')

  constructor(namespace: TestNamespace) {
    this.#namespace = namespace
  }

  async add(labels: Record<string, string> = {}): Promise<string> {
    const name = `own-${this.#mark}-${this.names.length + 1}`
    const metadata = { name, labels: { own: this.#mark, ...labels } }
    const spec = { taints: [{ key: 'own', value: this.#mark, effect: 'NoSchedule' }] }
    await this.#namespace.admin.create(NODES, { metadata, spec })
    this.names.push(name)
    await this.#namespace.until(`${name} is ready`, async () =>
      JSON.stringify(await this.get(name)).includes('KubeletReady')
    )
    return name
  }

  get(name: string): Promise<Node> {
    return this.#namespace.admin.get(`${NODES}/${name}`)
  }

  /** of the node, beside that which keeps others away and those of the cluster itself */
  async taints(name: string): Promise<string[]> {
    const { spec } = await this.get(name)
    return (spec.taints ?? [])
      .filter(({ key }) => key !== 'own' && !key.startsWith('node.kubernetes.io/'))
      .map(({ key, value, effect }) => `${key}=${value ?? ''}:${effect}`)
  }

  async run(replicas: number): Promise<void> {
    const object = deployment('web', 'web:1', replicas) as { spec: { template: { spec: object } } }
    object.spec.template.spec = {
      ...object.spec.template.spec,
      nodeSelector: { own: this.#mark },
      tolerations: [{ key: 'own', operator: 'Exists' }]
    }
    await this.#namespace.admin.create(this.#namespace.in(APPS, 'deployments'), object)
    await rolledOut(this.#namespace, 'web', replicas)
  }

  async close(): Promise<void> {
    for (const name of this.names.splice(0)) await this.#namespace.admin.remove(`${NODES}/${name}`)
  }
}
