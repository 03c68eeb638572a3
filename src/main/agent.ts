import { join } from 'node:path'
import { createAgent, createFileJournal, localOrigins, localSource, localTarget } from '../agent/index.ts'
import { createBuiltinEngine } from '../engine/index.ts'
import { createFaults } from '../faults/index.ts'
import { createLocal, type Local, openSocket } from '../local/index.ts'
import { createOutbound, trustSystemAuthorities } from '../outbound/index.ts'
import { AppError, createLogger, type Logger, newId, Redactor, Shutdown, systemClock } from '../platform/index.ts'
import { createProbes } from '../probes/index.ts'
import { type Identity, takeIdentity } from './agent-identity.ts'
import { refuseExposedServer } from './exposed-server.ts'
import { lifetime } from './lifetime.ts'
import type { AgentSettings } from './settings.ts'
import { VERSION } from './version.ts'

export interface AgentCommand {
  settings: AgentSettings
  withParent: boolean
  /** probes of workflows may run commands here */
  allowCommands: boolean
  /** the only thing of the surroundings that workloads inherit */
  path: string
}

/** Recovering and telling the server may take so long, in ms; what is left then is undone at the next start. */
const CLOSE_MS = 15_000

/** Runs the agent of this machine until it is told to end; answers the exit code. */
export async function runAgent(command: AgentCommand): Promise<number> {
  const life = lifetime(command)
  const agent = await startLocalAgent(command, (error) => life.fail(error))
  process.stderr.write(
    `\n  The local infrastructure is ready: ${command.settings.folder}\n  Give it workloads with: faultline local apply -f FILE\n\n`
  )
  const code = await life.ended
  await agent.close()
  return code
}

/** What was opened is closed in reverse, also when a part cannot be opened. */
async function startLocalAgent(command: AgentCommand, onGone: (error: AppError) => void) {
  const { settings } = command
  const redactor = new Redactor()
  if (settings.token) redactor.track(settings.token)
  const log = createLogger({ level: settings.logLevel, redactor, readable: process.stdout.isTTY === true })
  const shutdown = new Shutdown(log)
  try {
    await open(command, { log, shutdown, onGone })
  } catch (error) {
    await shutdown.close()
    throw error
  }
  return { close: () => shutdown.close() }
}

interface Kit {
  log: Logger
  shutdown: Shutdown
  onGone: (error: AppError) => void
}

/** Closed in this order: the agent (recovering first), the socket, the workloads. */
async function open({ settings, path, allowCommands }: AgentCommand, { log, shutdown, onGone }: Kit): Promise<void> {
  trustSystemAuthorities()
  const identity = takeIdentity(settings)
  await refuseExposedServer(settings.serverUrl, identity)
  if (allowCommands && identity.uid === 0) throw commandsAsRoot()
  process.chdir(settings.folder)
  const local = createLocal({
    folder: settings.folder,
    baseEnv: { PATH: path, LANG: 'C.UTF-8' },
    isolation: 'auto',
    clock: systemClock,
    log
  })
  shutdown.add('workloads', () => local.stop())
  await local.start()
  sayWhoWeAre(log, { identity, local })

  const socket = await openSocket(settings.folder, local)
  shutdown.add('socket', () => socket.close())
  const agent = compose(settings, { local, log, shutdown, onGone, allowCommands })
  shutdown.add('agent', () => Promise.race([agent.close(), givenUp(log)]))
  await agent.start()
}

interface Parts extends Kit {
  local: Local
  allowCommands: boolean
}

function compose(settings: AgentSettings, { local, log, shutdown, onGone, allowCommands }: Parts) {
  const egress = {
    // services come and go: each request is judged by those of its own moment
    get allow() {
      return [...localOrigins(local), ...settings.egressAllow]
    },
    ownPorts: []
  }
  const outbound = createOutbound(egress)
  shutdown.add('outbound', () => outbound.close())
  const engine = createBuiltinEngine({
    target: localTarget(local, { allowsCommands: allowCommands }),
    journal: createFileJournal(join(settings.folder, 'journal'), log),
    faults: createFaults(),
    probes: createProbes({ outbound }),
    clock: systemClock,
    newId,
    random: Math.random,
    log
  })
  return createAgent({
    server: settings.serverUrl,
    registrationToken: settings.token,
    folder: settings.folder,
    kind: 'local',
    engine,
    source: localSource(local),
    version: VERSION,
    allowCommands,
    clock: systemClock,
    log,
    onGone
  })
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

async function givenUp(log: Logger): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, CLOSE_MS).unref()
  })
  log.error('the recovery took too long; what is left is undone at the next start')
}
