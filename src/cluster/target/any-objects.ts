import { textAt, textsAt, treesAt } from '../../domain/index.ts'
import type { FoundObject, ObjectKind, ObjectQuery, Objects } from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { collectionPath } from '../workload/workload-kinds.ts'

/** one page: that there are some is told by the first ones */
const MOST = 100
/** names, labels and uids alone: what a Secret holds is never read */
const METADATA = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json'

/**
 * Objects of any kind that the API server serves. An object is looked for by a list, also one that is named: the right
 * to list is enough, and a kind that is unknown is an error where an object that is not there is none.
 */
export function anyObjects(client: KubeClient): Objects {
  return {
    find: async (query) => (await find(client, query)).found,
    create: async (kind, object, signal) => {
      if (marksOf(object).some(isOurs)) throw notOurs('an object with a label of faultline.dev cannot be made')
      const made = await client.call({ method: 'POST', path: pathOf(kind), body: object, signal })
      return textAt(made, 'metadata', 'name') ?? ''
    },
    remove: async (query) => {
      const { found, more } = await find(client, query)
      if (more) throw tooMany(query)
      const kept = found.find(({ labels }) => Object.keys(labels).some(isOurs))
      if (kept !== undefined) throw notOurs(`${kept.name} is the agent's own`)
      await Promise.all(found.map((object) => remove(client, query, object)))
      return found
    }
  }
}

interface Page {
  found: FoundObject[]
  /** there are others */
  more: boolean
}

async function find(client: KubeClient, query: ObjectQuery): Promise<Page> {
  const { names, fieldSelector, labelSelector } = query
  if (names.length === 0) return list(client, query, { fieldSelector, labelSelector })
  const each = await Promise.all(names.map((name) => list(client, query, { fieldSelector: `metadata.name=${name}` })))
  return { found: each.flatMap(({ found }) => found), more: false }
}

async function list(
  client: KubeClient,
  { signal, ...kind }: ObjectQuery,
  selectors: Readonly<Record<string, string>>
): Promise<Page> {
  const asked = Object.entries(selectors).filter(([, text]) => text !== '')
  const query = new URLSearchParams({ limit: String(MOST), ...Object.fromEntries(asked) })
  const path = `${pathOf(kind)}?${query}`
  const page: unknown = await client.call({ method: 'GET', path, accept: METADATA, signal })
  const found = treesAt(page, 'items').map((item) => ({
    name: textAt(item, 'metadata', 'name') ?? '',
    uid: textAt(item, 'metadata', 'uid') ?? '',
    namespace: textAt(item, 'metadata', 'namespace') ?? null,
    labels: textsAt(item, 'metadata', 'labels')
  }))
  return { found, more: (textAt(page, 'metadata', 'continue') ?? '') !== '' }
}

/** Only this very object, and what it owns with it. */
async function remove(client: KubeClient, { signal, ...kind }: ObjectQuery, { name, uid }: FoundObject): Promise<void> {
  const options = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions: { uid } }
  await client.call({ method: 'DELETE', path: `${pathOf(kind)}/${encodeURIComponent(name)}`, body: options, signal })
}

function pathOf({ group, version, resource, namespace }: ObjectKind): string {
  const [of, at, plural] = [group, version, resource].map(encodeURIComponent)
  const api = group === '' ? `/api/${at}` : `/apis/${of}/${at}`
  return collectionPath({ api, plural: plural ?? '' }, namespace)
}

function marksOf(object: unknown): string[] {
  return Object.keys(textsAt(object, 'metadata', 'labels'))
}

/** Undo records and the like: a forged one would be carried out. */
function isOurs(label: string): boolean {
  return label.startsWith('faultline.dev/')
}

function notOurs(message: string): AppError {
  return new AppError({ code: 'cluster/own-object', kind: 'denied', message })
}

function tooMany({ resource }: ObjectKind): AppError {
  const message = `more than ${MOST} ${resource} would be deleted: narrow it by names or a selector`
  return new AppError({ code: 'cluster/too-many', kind: 'invalid', message })
}
