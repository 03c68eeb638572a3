import { textAt, textsAt } from '../../domain/index.ts'
import { toAppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { listPages } from '../watch/list-pages.ts'
import { collectionPath } from '../workload/workload-kinds.ts'

const ID = /^[a-z0-9-]{1,64}$/
const LABELS = { 'app.kubernetes.io/managed-by': 'faultline', 'faultline.dev/record': 'undo' }

/** Texts by id that live in the cluster. */
export interface ClusterRecords {
  /** resolves when etcd has it */
  write(id: string, text: string): Promise<void>
  all(): Promise<{ id: string; text: string }[]>
  /** one that is gone already is fine */
  remove(id: string): Promise<void>
}

const CONFIG_MAPS = { api: '/api/v1', plural: 'configmaps' }
const UNDO = 'faultline.dev/record=undo'

/** Where undo records are; `namespace`: looked for there alone. */
export async function recordNamespaces(client: KubeClient, namespace: string | null): Promise<string[]> {
  const path = collectionPath(CONFIG_MAPS, namespace)
  const project = (map: unknown) => textAt(map, 'metadata', 'namespace') ?? ''
  const { objects } = await listPages({ client, path, labels: UNDO, project })
  return [...new Set([...objects.values()].map(({ object }) => object))].sort()
}

/** One ConfigMap for each undo record, `faultline-undo-<id>` in one namespace. `kubectl get configmap -l faultline.dev/record=undo` shows them. */
export function undoRecords(client: KubeClient, namespace: string): ClusterRecords {
  const collection = collectionPath(CONFIG_MAPS, namespace)
  const nameOf = (id: string) => {
    if (!ID.test(id)) throw new Error(`"${id}" is no id of an injection`)
    return `faultline-undo-${id}`
  }
  return {
    write: async (id, text) => {
      const metadata = { name: nameOf(id), labels: LABELS, annotations: { 'faultline.dev/id': id } }
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { record: text } }
      try {
        await client.call({ method: 'POST', path: collection, body })
      } catch (error) {
        if (toAppError(error).code !== 'cluster/clash') throw error
        await client.call({ method: 'PUT', path: `${collection}/${metadata.name}`, body })
      }
    },
    all: async () => {
      const { objects } = await listPages({ client, path: collection, labels: UNDO, project: recordIn })
      return [...objects.values()].map(({ object }) => object)
    },
    remove: async (id) => {
      try {
        await client.call({ method: 'DELETE', path: `${collection}/${nameOf(id)}` })
      } catch (error) {
        if (toAppError(error).code !== 'cluster/missing') throw error
      }
    }
  }
}

function recordIn(map: unknown): { id: string; text: string } {
  const id = textsAt(map, 'metadata', 'annotations')['faultline.dev/id'] ?? textAt(map, 'metadata', 'name') ?? ''
  return { id, text: textAt(map, 'data', 'record') ?? '' }
}
