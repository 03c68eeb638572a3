import type { Db, Tx } from '../connect.ts'

/** Every column that holds something sealed. */
export const SEALED_COLUMNS = [
  'tokenSealed',
  'sshKeySealed',
  'sshPassphraseSealed',
  'proxyPasswordSealed',
  'hookSecretSealed'
] as const

export type Sealed = Record<(typeof SEALED_COLUMNS)[number], Buffer | null>

export async function projectsWithSettings(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('gitopsSettings').select('projectId').orderBy('projectId').execute()
  return rows.map(({ projectId }) => projectId)
}

/** Locked for the caller's transaction: whoever saves settings meanwhile waits. */
export async function lockSealed(tx: Tx, projectId: string): Promise<Sealed | undefined> {
  return tx
    .selectFrom('gitopsSettings')
    .select(SEALED_COLUMNS)
    .where('projectId', '=', projectId)
    .forUpdate()
    .executeTakeFirst()
}

/** The credentials stay what they are, so the epoch does too. */
export async function saveSealed(tx: Tx, projectId: string, sealed: Sealed): Promise<void> {
  await tx.updateTable('gitopsSettings').set(sealed).where('projectId', '=', projectId).execute()
}
