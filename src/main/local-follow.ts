import { setTimeout as delay } from 'node:timers/promises'
import type { LocalClient, ObjectRef, PodView, WorkloadView } from '../local/index.ts'
import { AppError } from '../platform/index.ts'
import { type Output, print, usage } from './command-line.ts'
import { EXIT } from './exit-codes.ts'
import { parseWorkload } from './local-command.ts'

const LOOK_MS = 200

export interface LogOrder extends Output {
  namespace: string
  /** name of a pod, or kind/name */
  pod: string
  container?: string
  tail?: number
  follow: boolean
}

/** `faultline local logs`; with `follow` until the pod is gone or Ctrl-C. */
export async function printLogs(client: LocalClient, { follow, output, ...order }: LogOrder): Promise<number> {
  if (follow && output === 'json') throw usage('--follow has no end to make one document of: leave --output json out.')
  const wish = { ...order, pod: await podOf(client, order) }
  if (!follow) {
    const lines = await client.logs(wish)
    if (output === 'json') print(JSON.stringify({ pod: wish.pod, lines }, null, 2))
    else if (lines.length > 0) print(lines.join('\n'))
    return EXIT.ok
  }
  const enough = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => enough.abort())
  await client.followLogs(wish, { signal: enough.signal, write: (text) => void process.stdout.write(text) })
  return EXIT.ok
}

/** Of a workload the first pod that is ready, else the first one that there is. */
async function podOf(client: LocalClient, { namespace, pod }: { namespace: string; pod: string }): Promise<string> {
  if (!pod.includes('/')) return pod
  const { kind, name } = parseWorkload(pod)
  if (/^po(ds?)?$/i.test(kind)) return name
  const workload = await workloadOf(client, { kind, namespace, name })
  const { pods } = await client.get({ kind: 'pod', namespace })
  const own = pods.filter((one) => one.workload.uid === workload.uid).sort(byName)
  const chosen = own.find(({ ready }) => ready) ?? own[0]
  if (chosen !== undefined) return chosen.name
  throw missing(`${pod} in namespace ${namespace} has no pod now.`)
}

function byName(a: PodView, b: PodView): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true })
}

/** `faultline local rollout status`: one line for each step; how it ended is the exit code. */
export async function followRollout(
  client: LocalClient,
  ref: ObjectRef,
  { output, timeout }: Output & { timeout: number }
): Promise<number> {
  const until = Date.now() + timeout * 1000
  let last = ''
  for (;;) {
    const workload = await workloadOf(client, ref)
    const line = lineOf(workload)
    if (output === 'text' && line !== last) print(line)
    last = line
    if (workload.rollout !== 'progressing') {
      if (output === 'json') print(JSON.stringify(workload, null, 2))
      return workload.rollout === 'healthy' ? EXIT.ok : EXIT.failed
    }
    if (Date.now() >= until) {
      const message = `${ref.kind}/${ref.name} is not rolled out after ${timeout} seconds. ${workload.message ?? ''}`
      throw new AppError({ code: 'main/rollout-late', kind: 'transient', message: message.trim() })
    }
    await delay(LOOK_MS)
  }
}

function lineOf(workload: WorkloadView): string {
  const { kind, name, readyReplicas, updatedReplicas, replicas, rollout, message } = workload
  const head = `${kind.toLowerCase()}/${name}: ${readyReplicas} of ${replicas} pods ready, ${updatedReplicas} updated, ${rollout}`
  return message === null ? head : `${head}. ${message}`
}

async function workloadOf(client: LocalClient, ref: ObjectRef): Promise<WorkloadView> {
  const [found] = (await client.get({ ...ref })).workloads
  if (found !== undefined) return found
  throw missing(`There is no ${ref.kind}/${ref.name} in namespace ${ref.namespace}. See: faultline local get -A`)
}

function missing(message: string): AppError {
  return new AppError({ code: 'main/no-workload', kind: 'missing', message })
}
