import { at, textAt, treesAt } from '../../domain/index.ts'
import { AppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import type { Known } from './known.ts'

const PAGE = 100
/** of one kind; what is kept of each stays in memory */
const MOST_OBJECTS = 50_000

export interface Listed<T> {
  objects: Map<string, Known<T>>
  /** what comes after this one is told by a watch */
  version: string
}

export interface ListOptions<T> {
  client: KubeClient
  /** of the collection, with no query */
  path: string
  /** only these labels, as a selector; all if not said */
  labels?: string
  /** only where these fields are so, as a selector */
  fields?: string
  project: (object: unknown) => T
  signal?: AbortSignal
}

/** A whole collection, page by page; of each object only what `project` makes of it is kept. */
export async function listPages<T>({
  client,
  path,
  labels,
  fields,
  project,
  signal
}: ListOptions<T>): Promise<Listed<T>> {
  const objects = new Map<string, Known<T>>()
  let next = ''
  for (;;) {
    const query = new URLSearchParams({ limit: String(PAGE) })
    if (labels !== undefined) query.set('labelSelector', labels)
    if (fields !== undefined) query.set('fieldSelector', fields)
    if (next !== '') query.set('continue', next)
    const page: unknown = await client.call({ method: 'GET', path: `${path}?${query}`, signal })
    for (const item of treesAt(page, 'items')) {
      const uid = textAt(item, 'metadata', 'uid')
      const version = textAt(item, 'metadata', 'resourceVersion')
      if (uid !== undefined && version !== undefined) objects.set(uid, { version, object: project(item) })
    }
    if (objects.size > MOST_OBJECTS) throw tooMany(path)
    next = textAt(page, 'metadata', 'continue') ?? ''
    if (next === '') return { objects, version: versionOf(page, path) }
  }
}

function versionOf(page: unknown, path: string): string {
  const version = at(page, 'metadata', 'resourceVersion')
  if (typeof version === 'string' && version !== '') return version
  const message = `The list ${path} has no version: what answered is no Kubernetes API server.`
  throw new AppError({ code: 'cluster/bad-answer', kind: 'transient', message })
}

function tooMany(path: string): AppError {
  const message = `${path} has more than ${MOST_OBJECTS} objects: narrow the agent to a namespace with --namespace.`
  return new AppError({ code: 'cluster/too-many', kind: 'stalled', message })
}
