import { request } from 'node:http'
import { text as readAll } from 'node:stream/consumers'
import { AppError, type ErrorKind } from '../platform/index.ts'
import type { ApplyResult, ObjectFilter, ObjectRef, Objects } from './local.ts'
import { socketPath } from './socket-path.ts'

const DEADLINE_MS = 30_000
/** a pod may take its whole grace, and pods of a StatefulSet go one after another */
const DELETE_MS = 3_600_000

/** Whose output; the first container and all lines where nothing is said. */
export interface LogWish {
  namespace: string
  pod: string
  container?: string
  tail?: number
}

export interface LocalClient {
  apply(manifests: readonly unknown[]): Promise<ApplyResult[]>
  get(filter: ObjectFilter): Promise<Objects>
  setImage(change: ObjectRef & { images: Record<string, string> }): Promise<void>
  scale(change: ObjectRef & { replicas: number }): Promise<void>
  restart(ref: ObjectRef): Promise<void>
  /** resolves when its pods are gone */
  delete(change: ObjectRef & { data: boolean }): Promise<void>
  logs(wish: LogWish): Promise<string[]>
  /** the last lines, then each new one as it comes; resolves when the pod is gone or `signal` says enough */
  followLogs(wish: LogWish, options: { signal: AbortSignal; write(text: string): void }): Promise<void>
}

/** Speaks to the agent that runs with this folder; rejects with the agent's own errors, or `local/no-agent`. */
export function localClient(folder: string): LocalClient {
  const ask = <T>(method: string, path: string, body?: unknown) => exchange<T>({ folder, method, path, body })
  return {
    apply: (manifests) => ask('POST', '/apply', { manifests }),
    get: (filter) => ask('GET', `/objects?${new URLSearchParams({ ...filter })}`),
    setImage: (change) => ask('POST', '/image', change),
    scale: (change) => ask('POST', '/scale', change),
    restart: (ref) => ask('POST', '/restart', ref),
    delete: (change) => exchange({ folder, method: 'POST', path: '/delete', body: change, deadlineMs: DELETE_MS }),
    logs: (wish) => ask('GET', logsPath(wish)),
    followLogs: (wish, options) => follow(folder, `${logsPath(wish)}&follow=true`, options)
  }
}

function logsPath({ namespace, pod, container, tail }: LogWish): string {
  const query = new URLSearchParams({ namespace, name: pod })
  if (container !== undefined) query.set('container', container)
  if (tail !== undefined) query.set('tail', String(tail))
  return `/logs?${query}`
}

function follow(
  folder: string,
  path: string,
  { signal, write }: { signal: AbortSignal; write(text: string): void }
): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: socketPath(folder), path, signal }, (answer) => {
      if (answer.statusCode !== 200) readAll(answer).then((text) => reject(appError(text)), reject)
      else
        answer
          .setEncoding('utf8')
          .on('data', write)
          .on('end', resolve)
          .on('error', () => resolve())
    })
    asked.on('error', (cause) => (signal.aborted ? resolve() : reject(noAgent(folder, cause))))
    asked.end()
  })
}

interface Exchange {
  folder: string
  method: string
  path: string
  body?: unknown
  deadlineMs?: number
}

function exchange<T>({ folder, method, path, body, deadlineMs = DEADLINE_MS }: Exchange): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const asked = request({ socketPath: socketPath(folder), method, path, timeout: deadlineMs }, (answer) => {
      readAll(answer).then((text) => {
        if (answer.statusCode === 200) resolve(JSON.parse(text) as T)
        else reject(appError(text))
      }, reject)
    })
    asked.on('timeout', () => asked.destroy(new Error('it did not answer in time')))
    asked.on('error', (cause) => reject(noAgent(folder, cause)))
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

function appError(text: string): AppError {
  return new AppError(JSON.parse(text) as { code: string; kind: ErrorKind; message: string })
}

function noAgent(folder: string, cause: Error): AppError {
  const message = `No agent answers in ${folder} (${cause.message}). Start one with: faultline agent --local; or name its folder in FAULTLINE_AGENT_FOLDER.`
  return new AppError({ code: 'local/no-agent', kind: 'transient', message, cause })
}
