import type { EngineParts } from './parts.ts'
import { recoverInjection } from './recover.ts'
import type { Emit, ReapResult } from './run-engine.ts'

/** Undoes what the journal holds of injections that nobody has in hand. Rejects only if the journal cannot be read. */
export async function reap(parts: EngineParts, emitFor: (run: string) => Emit): Promise<ReapResult> {
  const records = (await parts.journal.all()).filter((record) => !parts.inHand.has(record.id))
  const endings = await Promise.all(
    records.map(async (record) => {
      parts.inHand.add(record.id)
      try {
        return await recoverInjection(parts, record, { emit: emitFor(record.run) })
      } finally {
        parts.inHand.delete(record.id)
      }
    })
  )
  const recovered = endings.filter(({ recovery }) => recovery !== 'leaked').length
  return { recovered, leaked: endings.length - recovered }
}
