import { createReadStream } from 'node:fs'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Secret } from '../platform/index.ts'
import { judgeArchive, openDatabase, restore } from '../store/index.ts'
import { usage } from './command-line.ts'
import { quietStore } from './database.ts'
import type { Screen } from './run-progress.ts'
import { readSecretKey } from './secret-key.ts'
import type { ServerSettings } from './settings.ts'
import { TableProgress } from './table-progress.ts'

export interface RestoreWish {
  file: string
  replace: boolean
  /** nothing runs by itself until a person has looked */
  killSwitch: boolean
  screen: Screen
}

export interface RestoreReport {
  sentences: string[]
  document: { file: string; madeAt: string; tables: number; rows: number; secretKey: KeyOutcome }
}

/** `set-aside`: another key was there; it is kept as `secret.key.before` */
type KeyOutcome = 'not-in-backup' | 'same' | 'written' | 'set-aside' | 'given-differs'

/** `faultline restore`: the file is judged as a whole before the database is opened. */
export async function restoreFrom(settings: ServerSettings, wish: RestoreWish): Promise<RestoreReport> {
  const { file, replace } = wish
  const found = await stat(file).catch((error: Error) =>
    Promise.reject(usage(`${file} cannot be read: ${error.message}`))
  )
  if (!found.isFile()) throw usage(`${file} is not a file.`)
  const archive = () => createReadStream(file)
  const head = await judgeArchive(archive)
  await mkdir(settings.dataFolder, { recursive: true, mode: 0o700 })
  const database = await openDatabase({ ...quietStore(settings), besideServer: false })
  const progress = new TableProgress(wish.screen)
  try {
    const reason = `restored from a backup of ${head.madeAt}`
    const killSwitch = wish.killSwitch ? { reason, now: new Date() } : null
    const { tables, rows } = await restore(database.db, { archive, replace, killSwitch, onProgress: progress.show })
    // of the admin that was there before
    await rm(join(settings.dataFolder, 'admin-password'), { force: true })
    const secretKey = await keepKey(settings, head.secretKey)
    const document = { file, madeAt: head.madeAt, tables, rows, secretKey }
    return { document, sentences: sentencesOf(document, wish) }
  } finally {
    progress.end()
    await database.close()
  }
}

async function keepKey({ secretKey: given, dataFolder }: ServerSettings, key: Secret | null): Promise<KeyOutcome> {
  if (key === null) return 'not-in-backup'
  const known = await readSecretKey(given, dataFolder)
  if (known?.reveal() === key.reveal()) return 'same'
  if (given !== null) return 'given-differs'
  const path = join(dataFolder, 'secret.key')
  if (known !== null) await rename(path, `${path}.before`)
  await writeFile(path, `${key.reveal()}\n`, { mode: 0o600, flag: 'wx' })
  return known === null ? 'written' : 'set-aside'
}

const KEY_SENTENCES: Readonly<Record<KeyOutcome, string>> = {
  'not-in-backup': 'The secret key was not in it: credentials open with the key of the server that made it.',
  same: 'Its secret key is the one that is in use here.',
  written: 'Its secret key is in secret.key.',
  'set-aside': 'Its secret key is in secret.key; the one before is in secret.key.before.',
  'given-differs': 'FAULTLINE_SECRET_KEY is another key than that of the backup: credentials cannot be opened with it.'
}

function sentencesOf({ madeAt, tables, rows, secretKey }: RestoreReport['document'], wish: RestoreWish): string[] {
  return [
    `${tables} tables with ${rows} rows are restored, as of ${madeAt}.`,
    KEY_SENTENCES[secretKey],
    ...(wish.killSwitch ? ['Nothing runs by itself: the kill switch of each project is on until it is released.'] : [])
  ]
}
