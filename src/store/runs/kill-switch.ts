import type { Insertable } from 'kysely'
import type { Db, Tx } from '../connect.ts'
import type { KillSwitchTable, ServerKillSwitchTable } from '../schema.ts'
import { lockFor, shareLock } from '../transaction.ts'

const EVERYWHERE = 'every project'
/** the one row of its table */
const SERVER = 'server'

/** No run of the project is admitted until the transaction ends. */
export async function holdAdmission(tx: Tx, projectId: string): Promise<void> {
  await shareLock(tx, 'admission', EVERYWHERE)
  await lockFor(tx, 'admission', projectId)
}

/** No run of any project is admitted until the transaction ends; those under way are waited for. */
export async function holdEveryAdmission(tx: Tx): Promise<void> {
  await lockFor(tx, 'admission', EVERYWHERE)
}

export async function engageKillSwitch(tx: Tx, row: Insertable<KillSwitchTable>): Promise<void> {
  const { projectId: _key, ...columns } = row
  await tx
    .insertInto('killSwitches')
    .values(row)
    .onConflict((conflict) => conflict.column('projectId').doUpdateSet(columns))
    .execute()
}

export async function releaseKillSwitch(tx: Tx, projectId: string): Promise<void> {
  await tx.deleteFrom('killSwitches').where('projectId', '=', projectId).execute()
}

export async function engageServerKillSwitch(
  tx: Tx,
  row: Omit<Insertable<ServerKillSwitchTable>, 'id'>
): Promise<void> {
  await tx
    .insertInto('serverKillSwitch')
    .values({ id: SERVER, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

export async function releaseServerKillSwitch(tx: Tx): Promise<void> {
  await tx.deleteFrom('serverKillSwitch').execute()
}

/** All of them, of one project or of every one; in an order that two who lock them share. */
export async function runsToStop(tx: Tx, projectId: string | null): Promise<string[]> {
  const rows = await tx
    .selectFrom('runs')
    .select('id')
    .where('endedAt', 'is', null)
    .$if(projectId !== null, (query) => query.where('projectId', '=', projectId ?? ''))
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

export async function projectIds(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('projects').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}
