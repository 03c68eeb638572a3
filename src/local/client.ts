import { request } from 'node:http'
import { AppError, type ErrorKind } from '../platform/index.ts'
import type { ApplyResult, ObjectFilter, ObjectRef, Objects } from './local.ts'
import { socketPath } from './socket-path.ts'

const DEADLINE_MS = 30_000

export interface LocalClient {
  apply(manifests: readonly unknown[]): Promise<ApplyResult[]>
  get(filter: ObjectFilter): Promise<Objects>
  setImage(change: ObjectRef & { images: Record<string, string> }): Promise<void>
  logs(namespace: string, name: string): Promise<string[]>
}

/** Speaks to the agent that runs with this folder; rejects with the agent's own errors, or `local/no-agent`. */
export function localClient(folder: string): LocalClient {
  const ask = <T>(method: string, path: string, body?: unknown) => exchange<T>({ folder, method, path, body })
  return {
    apply: (manifests) => ask('POST', '/apply', { manifests }),
    get: (filter) => ask('GET', `/objects?${new URLSearchParams({ ...filter })}`),
    setImage: async (change) => {
      await ask('POST', '/image', change)
    },
    logs: (namespace, name) => ask('GET', `/logs?${new URLSearchParams({ namespace, name })}`)
  }
}

interface Exchange {
  folder: string
  method: string
  path: string
  body: unknown
}

function exchange<T>({ folder, method, path, body }: Exchange): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const asked = request({ socketPath: socketPath(folder), method, path, timeout: DEADLINE_MS }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text) as T)
        else reject(new AppError(JSON.parse(text) as { code: string; kind: ErrorKind; message: string }))
      })
    })
    asked.on('timeout', () => asked.destroy(new Error('it did not answer in time')))
    asked.on('error', (cause) => reject(noAgent(folder, cause)))
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

function noAgent(folder: string, cause: Error): AppError {
  const message = `No agent answers in ${folder} (${cause.message}). Start one with: faultline agent --local; or name its folder in FAULTLINE_AGENT_FOLDER.`
  return new AppError({ code: 'local/no-agent', kind: 'transient', message, cause })
}
