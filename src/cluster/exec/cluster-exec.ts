import { at, isTree, textAt, treesAt } from '../../domain/index.ts'
import type { CommandEnd, Containers, Exec, PodRef } from '../../engine/index.ts'
import { AppError, toAppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { thisPod } from '../target/this-pod.ts'
import { execIn } from './exec-in.ts'

const KILL_MS = 10_000
/** the signals one after another to the first process, which has the number 1 in there */
const KILL = 'for signal; do kill -s "$signal" 1 || exit; done'
/** The kernel keeps SIGKILL of its own processes from the first one of a container: it is asked to end as well. */
const SIGNALS = { SIGTERM: ['TERM'], SIGKILL: ['KILL', 'TERM'] } as const
/** process 1 is that of the pod, or of the node */
const SHARED = ['shareProcessNamespace', 'hostPID']
/** its own process has gone with the container */
const GONE_WITH_IT = ['cluster/exec-cut', 'cluster/exec-failed']

/** Commands in the containers of this very pod. */
export function clusterExec(client: KubeClient): Exec {
  return {
    run: async (pod, { container, ...command }) => {
      const found = await thisPod(client, pod)
      return execIn(client, pod, { ...command, container: containerIn(found, pod, container) })
    }
  }
}

/** What a signal to the first process of a container, from within it, makes of it. */
export function clusterContainers(client: KubeClient): Containers {
  return {
    killContainer: async (pod, { container, signal }) => {
      const found = await thisPod(client, pod)
      if (SHARED.some((field) => at(found, 'spec', field) === true)) throw shared(pod)
      const order = { container: containerIn(found, pod, container), timeoutMs: KILL_MS }
      const argv = ['sh', '-c', KILL, 'sh', ...SIGNALS[signal]]
      const end = await signalled(execIn(client, pod, { ...order, argv, signal: new AbortController().signal }))
      if (end !== null && end.code !== 0 && end.code < 128) throw notSignalled(pod, end)
    }
  }
}

async function signalled(work: Promise<CommandEnd>): Promise<CommandEnd | null> {
  try {
    return await work
  } catch (error) {
    if (GONE_WITH_IT.includes(toAppError(error).code)) return null
    throw error
  }
}

/** Errors: `cluster/no-container`; `cluster/not-running`, where nothing runs in it now. */
function containerIn(pod: unknown, { name }: PodRef, wanted: string | null): string {
  const names = treesAt(pod, 'spec', 'containers').flatMap((container) => textAt(container, 'name') ?? [])
  const found = wanted === null ? names[0] : names.find((one) => one === wanted)
  if (found === undefined) {
    const message = `pod ${name} has no container ${wanted ?? ''}; it has ${names.join(', ')}`
    throw new AppError({ code: 'cluster/no-container', kind: 'missing', message })
  }
  const status = treesAt(pod, 'status', 'containerStatuses').find((one) => one.name === found)
  if (isTree(at(status, 'state', 'running'))) return found
  const message = `container ${found} of pod ${name} does not run now`
  throw new AppError({ code: 'cluster/not-running', kind: 'transient', message })
}

function shared({ name }: PodRef): AppError {
  const message = `the containers of pod ${name} share their processes (shareProcessNamespace or hostPID): process 1 is not the container's`
  return new AppError({ code: 'cluster/shared-processes', kind: 'invalid', message })
}

function notSignalled({ name }: PodRef, { code, errors }: CommandEnd): AppError {
  const message = `the container of pod ${name} could not be signalled (${code}): ${errors.trim().slice(0, 300)}`
  return new AppError({ code: 'cluster/not-signalled', kind: 'invalid', message })
}
