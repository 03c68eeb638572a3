import type { PodRef } from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { listPages } from '../watch/list-pages.ts'
import { collectionPath } from '../workload/workload-kinds.ts'

/** The pod as it is now, by a list, whose right an agent has. Errors: `cluster/pod-gone`, also where another has its name. */
export async function thisPod(client: KubeClient, { namespace, name, uid }: PodRef): Promise<unknown> {
  const path = collectionPath({ api: '/api/v1', plural: 'pods' }, namespace)
  const { objects } = await listPages({ client, path, fields: `metadata.name=${name}`, project: (pod) => pod })
  const found = objects.get(uid)
  if (found !== undefined) return found.object
  throw new AppError({ code: 'cluster/pod-gone', kind: 'missing', message: `pod ${name} is gone` })
}
