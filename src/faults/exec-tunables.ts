import type { ClusterRight, TunableSchema } from '../domain/index.ts'

/** A WebSocket begins with a GET; newer API servers ask for the right to create too. */
export const EXEC_RIGHTS: readonly ClusterRight[] = [{ group: '', resource: 'pods/exec', verbs: ['get', 'create'] }]

export const targetContainerTunable: TunableSchema = {
  name: 'TARGET_CONTAINER',
  type: 'list',
  default: '',
  description: 'The container by its name; the first one of the pod where nothing is said.'
}

/** The processes are found by a mark in their environment, so no command is needed that finds and ends them. */
export const EXEC_NOT_NEEDED = [
  'CHAOS_KILL_COMMAND',
  'LIB',
  'LIB_IMAGE',
  'DEFAULT_HEALTH_CHECK',
  'CHAOS_NAMESPACE',
  'INSTANCE_ID'
]
