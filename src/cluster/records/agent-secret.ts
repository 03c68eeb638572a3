import { AGENT_SECRET, textAt } from '../../domain/index.ts'
import { AppError, toAppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { collectionPath } from '../workload/workload-kinds.ts'

const ENTRY = 'agent-key.json'

/** One text that lives in the cluster, as long as its agent is registered. */
export interface AgentSecret {
  /** null: nothing is kept. Errors: `cluster/no-key-secret` where the Secret itself is not there */
  read(): Promise<string | null>
  /** null removes it; resolves when etcd has it */
  write(text: string | null): Promise<void>
  where: string
}

export function agentSecret(client: KubeClient, namespace: string): AgentSecret {
  const path = `${collectionPath({ api: '/api/v1', plural: 'secrets' }, namespace)}/${AGENT_SECRET}`
  const known = <T>(call: Promise<T>) =>
    call.catch((error: unknown) => {
      throw toAppError(error).code === 'cluster/missing' ? notThere(namespace) : error
    })
  return {
    read: async () => {
      const data = textAt(await known(client.call({ method: 'GET', path })), 'data', ENTRY)
      return data === undefined ? null : Buffer.from(data, 'base64').toString('utf8')
    },
    write: async (text) => {
      const body = { data: { [ENTRY]: text === null ? null : Buffer.from(text).toString('base64') } }
      await known(client.call({ method: 'PATCH', path, body, type: 'application/merge-patch+json' }))
    },
    where: `The Secret ${AGENT_SECRET} in namespace ${namespace}`
  }
}

function notThere(namespace: string): AppError {
  const message = `There is no Secret ${AGENT_SECRET} in namespace ${namespace}, where the agent keeps its key: apply the agent's manifest again.`
  return new AppError({ code: 'cluster/no-key-secret', kind: 'stalled', message })
}
