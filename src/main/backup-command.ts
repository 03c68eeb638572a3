import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { dump, openDatabase } from '../store/index.ts'
import { usage } from './command-line.ts'
import { quietStore, requireDatabase } from './database.ts'
import type { Screen } from './run-progress.ts'
import { readSecretKey } from './secret-key.ts'
import type { ServerSettings } from './settings.ts'
import { TableProgress } from './table-progress.ts'
import { VERSION } from './version.ts'

export interface BackupWish {
  /** `-` = standard output; null: a name with the time, in the current folder */
  file: string | null
  withSecretKey: boolean
  screen: Screen
}

export interface BackupReport {
  sentence: string
  document: { file: string; tables: number; rows: number; withSecretKey: boolean }
}

/** `faultline backup`: the file is there as a whole, with mode 0600, or not at all; none is overwritten. */
export async function backUp(settings: ServerSettings, wish: BackupWish): Promise<BackupReport> {
  requireDatabase(settings)
  const now = new Date()
  const file = wish.file ?? `faultline-backup-${now.toISOString().slice(0, 19).replaceAll(':', '')}.gz`
  const secretKey = wish.withSecretKey ? await readSecretKey(settings.secretKey, settings.dataFolder) : null
  if (wish.withSecretKey && secretKey === null) throw usage(`There is no secret key in ${settings.dataFolder}.`)
  const database = await openDatabase({ ...quietStore(settings), besideServer: true })
  const progress = new TableProgress(wish.screen)
  const write = (sink: Writable) =>
    dump(database.db, { sink, release: VERSION, now, secretKey, onProgress: progress.show })
  try {
    const count = file === '-' ? await write(process.stdout) : await asNewFile(resolve(file), write)
    const document = { file: file === '-' ? file : resolve(file), ...count, withSecretKey: wish.withSecretKey }
    return { document, sentence: sentenceOf(document) }
  } finally {
    progress.end()
    await database.close()
  }
}

async function asNewFile<T>(file: string, write: (sink: Writable) => Promise<T>): Promise<T> {
  if ((await stat(file).catch(() => null)) !== null) throw usage(`${file} is there already; give another name.`)
  const partial = `${file}.partial`
  try {
    const handle = await open(partial, 'wx', 0o600).catch((error: Error) => {
      throw usage(`${partial} cannot be written: ${error.message}`)
    })
    // flush: what is called done must survive the machine
    const result = await write(handle.createWriteStream({ flush: true }))
    await rename(partial, file)
    await flushFolder(dirname(file))
    return result
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}

function sentenceOf({ file, tables, rows, withSecretKey }: BackupReport['document']): string {
  const where = file === '-' ? '' : `: ${file}`
  const key = withSecretKey
    ? 'It holds the secret key: whoever has it can open every stored credential.'
    : 'The secret key is not in it; keep secret.key (or FAULTLINE_SECRET_KEY) somewhere else.'
  return `${tables} tables with ${rows} rows are backed up${where}\n${key}`
}
