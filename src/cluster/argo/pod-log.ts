import type { Readable } from 'node:stream'
import type { KubeClient } from '../client/kube-client.ts'
import { collectionPath } from '../workload/workload-kinds.ts'
import type { SeenNode } from './seen-workflow.ts'
import { nodeMark } from './step-of-node.ts'

/** where the step's own work is done */
const CONTAINER = 'main'
const MOST_LINES = 200
const MOST_BYTES = 64 * 1024
const ANSWER_MS = 10_000
/** of one fact */
const LONGEST_PART = 4000

/** The name of the pod of a node, as Argo makes it. */
export function podName(workflow: string, { id, template }: Pick<SeenNode, 'id' | 'template'>): string {
  return id === workflow ? workflow : `${workflow}-${template}-${nodeMark(id)}`
}

/** The last lines of what a pod of a workflow has said, in parts; none where they cannot be read. */
export async function podLog(client: KubeClient, namespace: string, pod: string): Promise<string[]> {
  const query = new URLSearchParams({
    container: CONTAINER,
    tailLines: String(MOST_LINES),
    limitBytes: String(MOST_BYTES)
  })
  const pods = collectionPath({ api: '/api/v1', plural: 'pods' }, namespace)
  const path = `${pods}/${encodeURIComponent(pod)}/log?${query}`
  try {
    const signal = AbortSignal.timeout(ANSWER_MS)
    return parts(await bounded(await client.stream({ path, signal, idleMs: ANSWER_MS })))
  } catch {
    return []
  }
}

async function bounded(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MOST_BYTES) break
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Whole lines together, as many as a fact holds. */
function parts(text: string): string[] {
  const found: string[] = []
  for (const line of text.replaceAll('\0', '').split('\n')) {
    const last = found.at(-1)
    if (line.trim() === '') continue
    if (last !== undefined && last.length + line.length < LONGEST_PART) found[found.length - 1] = `${last}\n${line}`
    else found.push(line.slice(0, LONGEST_PART))
  }
  return found
}
