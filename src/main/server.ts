import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createAccounts } from '../accounts/index.ts'
import { API_PREFIX, type RunsPort } from '../contract/index.ts'
import { createGit, type Git } from '../git/index.ts'
import { createOutbound } from '../outbound/index.ts'
import { type AppError, createLogger, createSealer, Redactor, Shutdown, systemClock } from '../platform/index.ts'
import { Runs } from '../runs/index.ts'
import { openStore, type Store } from '../store/index.ts'
import { createSync } from '../sync/index.ts'
import { createHooks, Trigger } from '../trigger/index.ts'
import { catalogue } from './catalogue.ts'
import { databasePlace } from './database.ts'
import { serverFigures } from './figures.ts'
import { openApi } from './open-api.ts'
import { exposureWarning, publicUrlOf } from './reach.ts'
import { startRetention } from './retention.ts'
import { loadSecretKey } from './secret-key.ts'
import type { ServerSettings } from './settings.ts'
import { VERSION } from './version.ts'

export interface ServerOptions {
  settings: ServerSettings
  /** the demo's admin keeps the first password */
  demo: boolean
  path: string
  /** the server cannot go on, for example because its database is gone */
  onGone: (error: AppError) => void
}

export interface RunningServer {
  url: URL
  /** where the first admin's password is, while it was not changed */
  passwordFile: string
  close(): Promise<void>
}

/** Opens the rooms in the order in which they need each other; what was opened is closed in reverse, also when one fails. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { settings } = options
  const redactor = new Redactor()
  const log = createLogger({ level: settings.logLevel, redactor, readable: process.stdout.isTTY === true })
  const shutdown = new Shutdown(log)
  try {
    return await open(options, { redactor, log, shutdown })
  } catch (error) {
    await shutdown.close()
    throw error
  }
}

type Kit = { redactor: Redactor; log: ReturnType<typeof createLogger>; shutdown: Shutdown }

async function open(options: ServerOptions, kit: Kit): Promise<RunningServer> {
  const { settings } = options
  const clock = systemClock
  const { redactor, log, shutdown } = kit
  await mkdir(settings.dataFolder, { recursive: true, mode: 0o700 })
  const secretKey = await loadSecretKey(settings.secretKey, settings.dataFolder)
  redactor.track(secretKey)
  const { databaseUrl, metricsToken, oldSecretKey } = settings
  for (const secret of [databaseUrl, metricsToken, oldSecretKey]) if (secret !== null) redactor.track(secret)

  const store = await openDatabase(options, kit)
  const passwordFile = join(settings.dataFolder, 'admin-password')
  const accounts = createAccounts({ store, clock, log, passwordFile })
  await accounts.ensureAdmin({ mustChangePassword: !options.demo })

  const figures = serverFigures({ store, clock })
  shutdown.add('figures', async () => figures.close())
  const git = figures.timed(openGit(options, kit))
  const sealer = createSealer(secretKey, settings.oldSecretKey === null ? [] : [settings.oldSecretKey])
  const committer = { name: 'Faultline', email: `faultline@${settings.publicUrl?.hostname ?? 'localhost'}` }
  const publicUrl = publicUrlOf(settings)
  const hookUrl = (project: string) => new URL(`${API_PREFIX}/hooks/git/${project}`, publicUrl).href
  const { passEnded, metrics } = figures
  const sync = createSync({ store, git, sealer, catalogue, clock, log, redactor, committer, hookUrl, passEnded })
  const runs = new Runs({ store, catalogue, clock, log })
  const trigger = new Trigger({ store, clock, log })
  const hooks = createHooks({ store, sealer, clock, log })

  const rooms = { store, accounts, sync: sync.port, runs: runsPort(runs), trigger, hooks, catalogue, metrics }
  await openApi(rooms, { settings, demo: options.demo, publicUrl, clock, log, shutdown })

  sync.start()
  shutdown.add('sync', () => sync.stop())
  runs.start()
  shutdown.add('runs', () => runs.stop())
  trigger.start()
  shutdown.add('trigger', () => trigger.stop())
  const warning = exposureWarning(settings)
  if (warning !== null) log.warn(warning)
  startRetention(store, settings.retention, { clock, log, shutdown })
  log.info({ url: publicUrl.href, version: VERSION }, 'server is ready')
  return { url: publicUrl, passwordFile, close: () => shutdown.close() }
}

async function openDatabase({ settings, onGone }: ServerOptions, { log, shutdown }: Kit): Promise<Store> {
  const store = await openStore({ log, onGone, ...databasePlace(settings) })
  shutdown.add('store', () => store.close())
  return store
}

/** What leaves the server, and git, the first to use it. */
function openGit({ settings, path }: ServerOptions, { redactor, log, shutdown }: Kit): Git {
  const ownPorts = settings.port === 0 ? [] : [settings.port]
  const { egressAllow: allow, httpsProxy: proxy, noProxy } = settings
  if (proxy?.password) redactor.track(proxy.password)
  const outbound = createOutbound({ allow, ownPorts, proxy, noProxy })
  shutdown.add('outbound', () => outbound.close())
  const git = createGit({ folder: join(settings.dataFolder, 'repositories'), outbound, redactor, log, path })
  shutdown.add('git', () => git.close())
  return git
}

/** The commands of `runs` in the words of the contract. */
function runsPort(runs: Runs): RunsPort {
  return {
    preflight: (project, wish) => runs.preflight(project, wish),
    approve: (order) => runs.approve(order),
    stop: (project, run, user, reason) => runs.stopRun(project, run, { user, reason }),
    engageKillSwitch: (project, by) => runs.engageKillSwitch(project, by),
    releaseKillSwitch: (project) => runs.releaseKillSwitch(project),
    switchSchedule: ({ to, ...order }) => (to === 'active' ? runs.activateSchedule(order) : runs.pauseSchedule(order)),
    saveGuardrails: (project, guardrails) => runs.saveGuardrails(project, guardrails),
    tasks: (infrastructure, holding, ms, signal) => runs.tasks(infrastructure, holding, { ms, signal }),
    renew: (infrastructure, run, lease) => runs.renew(infrastructure, run, lease)
  }
}
