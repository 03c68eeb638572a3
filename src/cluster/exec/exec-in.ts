import type { CommandEnd, ContainerCommand, PodRef } from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { objectPath } from '../workload/workload-kinds.ts'
import { EXEC_PROTOCOL, ExecAnswer } from './exec-answer.ts'

/**
 * Runs a command in a container of a running pod, as the container's user; no shell is between unless the command is
 * one. Errors, beside those of a call: `cluster/exec-late` (its process may go on: nothing here ends it), `cluster/exec-cut`,
 * `cluster/exec-failed`, `cluster/exec-too-much`.
 */
export async function execIn(client: KubeClient, pod: PodRef, command: ContainerCommand): Promise<CommandEnd> {
  const late = AbortSignal.timeout(command.timeoutMs)
  const answer = new ExecAnswer()
  try {
    await client.listenTo({
      path: pathOf(pod, command),
      protocol: EXEC_PROTOCOL,
      signal: AbortSignal.any([command.signal, late]),
      onMessage: (message) => answer.take(message)
    })
  } catch (error) {
    throw late.aborted ? tooLate(command.timeoutMs) : error
  }
  return answer.end() ?? cut()
}

function pathOf(pod: PodRef, { container, argv }: ContainerCommand): string {
  const query = new URLSearchParams({ stdout: 'true', stderr: 'true' })
  if (container !== null) query.set('container', container)
  for (const word of argv) query.append('command', word)
  return `${objectPath({ kind: 'Pod', ...pod })}/exec?${query}`
}

function cut(): never {
  const message = 'the connection to the container was closed before the command had ended'
  throw new AppError({ code: 'cluster/exec-cut', kind: 'transient', message })
}

function tooLate(ms: number): AppError {
  const message = `the command in the container did not end within ${ms} ms`
  return new AppError({ code: 'cluster/exec-late', kind: 'transient', message })
}
