import type { Journal, JournalRecord } from '../engine/index.ts'
import type { Clock } from '../platform/index.ts'

/** what an undo has changed is seen so long after its record is gone */
const REMEMBERED_MS = 120_000
const MOST_REMEMBERED = 1000

interface Hold {
  run: string
  /** null: the record is there */
  until: number | null
}

/** A journal that knows which run holds an object, or held it a moment ago: its changes are that run's. */
export function holdingJournal(
  journal: Journal,
  clock: Clock
): { journal: Journal; runOf(uid: string): string | null } {
  const holds = new Map<string, Hold>()
  const objects = new Map<string, string>()
  const hold = ({ id, run, target: { uid } }: JournalRecord) => {
    objects.set(id, uid)
    holds.delete(uid)
    holds.set(uid, { run, until: null })
    const [oldest] = holds.keys()
    if (holds.size > MOST_REMEMBERED && oldest !== undefined) holds.delete(oldest)
  }
  const letGo = (id: string) => {
    const held = holds.get(objects.get(id) ?? '')
    objects.delete(id)
    if (held !== undefined) held.until = clock.now().getTime() + REMEMBERED_MS
  }
  return {
    journal: {
      write: (record) => {
        hold(record)
        return journal.write(record)
      },
      all: async () => {
        const records = await journal.all()
        for (const record of records) hold(record)
        return records
      },
      remove: async (id) => {
        await journal.remove(id)
        letGo(id)
      }
    },
    runOf: (uid) => {
      const held = holds.get(uid)
      if (held === undefined) return null
      return held.until === null || held.until > clock.now().getTime() ? held.run : null
    }
  }
}
