import { createAgent, holdingJournal } from '../agent/index.ts'
import { createBuiltinEngine, engineByPlan } from '../engine/index.ts'
import { createFaults } from '../faults/index.ts'
import { createOutbound, trustSystemAuthorities } from '../outbound/index.ts'
import { type AppError, createLogger, type Logger, newId, Redactor, Shutdown, systemClock } from '../platform/index.ts'
import { createProbes } from '../probes/index.ts'
import type { AgentKit, AgentWorld } from './agent-world.ts'
import { type ClusterPlace, openClusterWorld } from './cluster-agent.ts'
import { lifetime } from './lifetime.ts'
import { openLocalWorld } from './local-agent.ts'
import type { AgentSettings } from './settings.ts'
import { VERSION } from './version.ts'

export interface AgentCommand {
  settings: AgentSettings
  withParent: boolean
  /** null: of this machine */
  cluster: ClusterPlace | null
  /** probes of workflows may run commands here */
  allowCommands: boolean
  /** the only thing of the surroundings that workloads inherit */
  path: string
}

/** Recovering and telling the server may take so long, in ms; what is left then is undone at the next start. */
const CLOSE_MS = 15_000

/** Runs an agent until it is told to end; answers the exit code. */
export async function runAgent(command: AgentCommand): Promise<number> {
  const life = lifetime(command)
  const ending = new AbortController()
  void life.ended.then(() => ending.abort())
  try {
    const agent = await startAgent(command, ending.signal, (error) => life.fail(error))
    process.stderr.write(`\n  ${agent.ready}\n\n`)
    await life.ended
    await agent.close()
  } catch (error) {
    // one that is told to end while it stands by has nothing to say
    if (!ending.signal.aborted) throw error
  }
  return life.ended
}

/** What was opened is closed in reverse, also when a part cannot be opened. */
async function startAgent(command: AgentCommand, ending: AbortSignal, onGone: (error: AppError) => void) {
  const { settings } = command
  const redactor = new Redactor()
  if (settings.token) redactor.track(settings.token)
  const log = createLogger({ level: settings.logLevel, redactor, readable: process.stdout.isTTY === true })
  const shutdown = new Shutdown(log)
  try {
    const ready = await open(command, { log, redactor, shutdown, onGone }, ending)
    return { ready, close: () => shutdown.close() }
  } catch (error) {
    await shutdown.close()
    throw error
  }
}

/** Closed in this order: the agent (recovering first), then the world that it works on. */
async function open(command: AgentCommand, kit: AgentKit, ending: AbortSignal): Promise<string> {
  const { settings, cluster } = command
  trustSystemAuthorities()
  const world =
    cluster === null ? await openLocalWorld(command, kit) : await openClusterWorld(cluster, settings.folder, kit)
  await world.turn(ending)
  const agent = compose(command, { world, kit })
  kit.shutdown.add('agent', () => Promise.race([agent.close(), givenUp(kit.log)]))
  await agent.start()
  return world.ready
}

interface Parts {
  world: AgentWorld
  kit: AgentKit
}

function compose({ settings, allowCommands }: AgentCommand, { world, kit }: Parts) {
  const { log, shutdown, onGone } = kit
  const egress = {
    // services come and go: each request is judged by those of its own moment
    get allow() {
      return [...world.origins(), ...settings.egressAllow]
    },
    ownPorts: [],
    // a probe carries no credentials, and services within a cluster mostly speak plain http
    plainHttp: 'allowed' as const
  }
  const outbound = createOutbound(egress)
  shutdown.add('outbound', () => outbound.close())
  const { journal, runOf } = holdingJournal(world.journal, systemClock)
  const builtin = createBuiltinEngine({
    target: world.target,
    journal,
    faults: createFaults(),
    probes: createProbes({ outbound }),
    clock: systemClock,
    newId,
    random: Math.random,
    log
  })
  const engine = engineByPlan(builtin, world.argo)
  return createAgent({
    server: settings.serverUrl,
    registrationToken: settings.token,
    folder: settings.folder,
    kind: world.kind,
    engine,
    source: world.source,
    runOf,
    keys: world.keys,
    version: VERSION,
    allowCommands,
    clock: systemClock,
    log,
    onGone
  })
}

async function givenUp(log: Logger): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, CLOSE_MS).unref()
  })
  log.error('the recovery took too long; what is left is undone at the next start')
}
