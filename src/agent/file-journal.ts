import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Journal, JournalRecord } from '../engine/index.ts'
import type { Logger } from '../platform/index.ts'
import { privateFolder, removeDurably, writeDurably } from './durable-file.ts'
import { parseRecord } from './journal-record.ts'

const ID = /^[A-Za-z0-9-]{1,64}$/

/** A journal of files, one per injection, each on disk before `write` resolves. A file that cannot be read stays, and is told. */
export function createFileJournal(folder: string, log: Logger): Journal {
  const pathOf = (id: string) => {
    if (!ID.test(id)) throw new Error(`"${id}" is no id of an injection`)
    return join(folder, `${id}.json`)
  }
  return {
    write: async (record) => {
      await privateFolder(folder)
      await writeDurably(pathOf(record.id), JSON.stringify(record))
    },
    all: async () => {
      await privateFolder(folder)
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
      const records = await Promise.all(names.map((name) => readRecord(join(folder, name), log)))
      return records.filter((record) => record !== null)
    },
    remove: (id) => removeDurably(pathOf(id))
  }
}

async function readRecord(path: string, log: Logger): Promise<JournalRecord | null> {
  try {
    return parseRecord(await readFile(path, 'utf8'))
  } catch (error) {
    log.error({ file: path, err: error }, 'a journal record cannot be read: undo its injection by hand, then remove it')
    return null
  }
}
