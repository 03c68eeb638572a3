import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { AppError } from '../platform/index.ts'
import type { Db, Tx } from './connect.ts'
import * as firstLight from './migrations/0001-first-light.ts'
import * as sshKeys from './migrations/0002-ssh-keys.ts'
import * as runOnPush from './migrations/0003-run-on-push.ts'
import * as gitHooks from './migrations/0005-git-hooks.ts'
import * as aliases from './migrations/0006-aliases.ts'
import * as killSwitch from './migrations/0007-kill-switch.ts'
import * as accounts from './migrations/0008-accounts.ts'
import * as schedules from './migrations/0009-schedules.ts'
import * as approvals from './migrations/0010-approvals.ts'
import * as gitNetwork from './migrations/0011-git-network.ts'
import * as pause from './migrations/0012-pause.ts'
import * as allowCommands from './migrations/0014-allow-commands.ts'
import * as results from './migrations/0015-results.ts'
import * as serverKillSwitch from './migrations/0017-server-kill-switch.ts'
import * as deactivatedUsers from './migrations/0018-deactivated-users.ts'
import * as lists from './migrations/0020-lists.ts'
import * as deletedWithGit from './migrations/0021-deleted-with-git.ts'
import * as overwritten from './migrations/0022-overwritten.ts'
import * as passes from './migrations/0023-passes.ts'
import * as renames from './migrations/0024-renames.ts'
import * as infrastructures from './migrations/0025-infrastructures.ts'
import * as audit from './migrations/0026-audit.ts'
import * as aspects from './migrations/0031-aspects.ts'
import * as eventPolicies from './migrations/0032-event-policies.ts'
import * as hooks from './migrations/0036-hooks.ts'
import * as lastDecisions from './migrations/0038-last-decisions.ts'
import * as infrastructureNamespace from './migrations/0040-infrastructure-namespace.ts'
import * as keyRotation from './migrations/0042-key-rotation.ts'
import * as engine from './migrations/0043-engine.ts'
import * as watchedKinds from './migrations/0045-watched-kinds.ts'
import * as nodeFaults from './migrations/0048-node-faults.ts'

/** In their order; a released one is never changed. A list, not a folder scan: it is the same in the packed product. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-light': firstLight,
  '0002-ssh-keys': sshKeys,
  '0003-run-on-push': runOnPush,
  '0005-git-hooks': gitHooks,
  '0006-aliases': aliases,
  '0007-kill-switch': killSwitch,
  '0008-accounts': accounts,
  '0009-schedules': schedules,
  '0010-approvals': approvals,
  '0011-git-network': gitNetwork,
  '0012-pause': pause,
  '0014-allow-commands': allowCommands,
  '0015-results': results,
  '0017-server-kill-switch': serverKillSwitch,
  '0018-deactivated-users': deactivatedUsers,
  '0020-lists': lists,
  '0021-deleted-with-git': deletedWithGit,
  '0022-overwritten': overwritten,
  '0023-passes': passes,
  '0024-renames': renames,
  '0025-infrastructures': infrastructures,
  '0026-audit': audit,
  '0031-aspects': aspects,
  '0032-event-policies': eventPolicies,
  '0036-hooks': hooks,
  '0038-last-decisions': lastDecisions,
  '0040-infrastructure-namespace': infrastructureNamespace,
  '0042-key-rotation': keyRotation,
  '0043-engine': engine,
  '0045-watched-kinds': watchedKinds,
  '0048-node-faults': nodeFaults
}

/** The newest one that this release knows. */
export const LATEST_MIGRATION = Object.keys(MIGRATIONS).sort().at(-1) ?? ''

export function isKnownMigration(name: string): boolean {
  return MIGRATIONS[name] !== undefined
}

/**
 * Brings the tables up to date, or to where these migrations lead; servers that start at once wait for each other.
 * Rejects with `store/newer-database` when a newer release has been here, `store/migration-failed` when a step fails
 * (then nothing has changed).
 */
export async function migrate(db: Db | Tx, names: readonly string[] = Object.keys(MIGRATIONS)): Promise<void> {
  await assertNotNewer(db)
  const wanted = Object.entries(MIGRATIONS).filter(([name]) => names.includes(name))
  const provider = { getMigrations: async () => Object.fromEntries(wanted) }
  // numbers are given out when work begins: one may come to a database after a later one, and needs nothing of it
  const migrator = new Migrator({ db, provider, allowUnorderedMigrations: true })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  const step = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the first step'
  const reason = error instanceof Error ? error.message : String(error)
  throw new AppError({
    code: 'store/migration-failed',
    kind: 'stalled',
    message: `The database could not be brought up to date (${step}): ${reason}. Nothing was changed.`,
    details: { step },
    cause: error
  })
}

async function assertNotNewer(db: Db | Tx): Promise<void> {
  const table = await sql<{ found: boolean }>`select to_regclass('kysely_migration') is not null as found`.execute(db)
  if (table.rows[0]?.found !== true) return
  const done = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  const unknown = done.rows.map((row) => row.name).filter((name) => MIGRATIONS[name] === undefined)
  if (unknown.length === 0) return
  throw new AppError({
    code: 'store/newer-database',
    kind: 'stalled',
    message:
      `The database was used by a newer release (it has ${unknown.join(', ')}; this release knows up to ` +
      `${LATEST_MIGRATION}). Start the newer release, or restore a backup that this one made.`,
    details: { unknown, latest: LATEST_MIGRATION }
  })
}
