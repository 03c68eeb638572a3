import type { ClusterRecords } from '../cluster/index.ts'
import type { Journal } from '../engine/index.ts'
import type { Logger } from '../platform/index.ts'
import { parseRecord } from './journal-record.ts'

/** A journal in the cluster itself: the agent's successor finds it, wherever it runs. A record that cannot be read stays, and is told. */
export function createClusterJournal(records: ClusterRecords, log: Logger): Journal {
  return {
    write: (record) => records.write(record.id, JSON.stringify(record)),
    all: async () =>
      (await records.all()).flatMap(({ id, text }) => {
        try {
          return parseRecord(text)
        } catch (error) {
          log.error(
            { record: id, err: error },
            'an undo record cannot be read: undo its injection by hand, then remove it'
          )
          return []
        }
      }),
    remove: (id) => records.remove(id)
  }
}
