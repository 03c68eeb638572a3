import { join } from 'node:path'
import { createFileJournal, fileKeyStore, localOrigins, localSource, localTarget } from '../agent/index.ts'
import { createLocal, type Local, openSocket } from '../local/index.ts'
import { AppError, type Logger, systemClock } from '../platform/index.ts'
import { type Identity, takeIdentity } from './agent-identity.ts'
import type { AgentKit, AgentWorld } from './agent-world.ts'
import { refuseExposedServer } from './exposed-server.ts'
import type { AgentSettings } from './settings.ts'

export interface LocalAgentOptions {
  settings: AgentSettings
  /** probes of workflows may run commands here */
  allowCommands: boolean
  /** the only thing of the surroundings that workloads inherit */
  path: string
}

/** This machine: workloads are processes. Closed in this order: the socket, the workloads. */
export async function openLocalWorld(options: LocalAgentOptions, { log, shutdown }: AgentKit): Promise<AgentWorld> {
  const { settings, path, allowCommands } = options
  const { folder } = settings
  const identity = takeIdentity(settings)
  await refuseExposedServer(settings.serverUrl, identity)
  if (allowCommands && identity.uid === 0) throw commandsAsRoot()
  process.chdir(folder)
  const baseEnv = { PATH: path, LANG: 'C.UTF-8' }
  const local = createLocal({ folder, baseEnv, isolation: 'auto', clock: systemClock, log })
  shutdown.add('workloads', () => local.stop())
  await local.start()
  sayWhoWeAre(log, { identity, local })
  const socket = await openSocket(folder, local)
  shutdown.add('socket', () => socket.close())
  return {
    kind: 'local',
    target: localTarget(local, { allowsCommands: allowCommands }),
    argo: null,
    journal: createFileJournal(join(folder, 'journal'), log),
    source: localSource(local),
    keys: fileKeyStore(join(folder, 'agent-key.json')),
    origins: () => localOrigins(local),
    turn: async () => undefined,
    ready: `The local infrastructure is ready: ${folder}\n  Give it workloads with: faultline local apply -f FILE`
  }
}

function sayWhoWeAre(log: Logger, { identity, local }: { identity: Identity; local: Local }): void {
  const { uid, kept } = identity
  if (kept === null) log.info({ uid, isolation: local.isolation() }, 'agent is ready')
  else log.warn({ uid }, `${kept}, so agent and workloads keep uid ${uid}; workloads are held by ${local.isolation()}`)
}

function commandsAsRoot(): AppError {
  const message =
    '--allow-commands would let workflows run commands as root. Start the agent as another user, or give it a uid of its own with FAULTLINE_AGENT_UID.'
  return new AppError({ code: 'main/commands-as-root', kind: 'denied', message })
}
