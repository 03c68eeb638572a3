import type { JournalRecord } from '../engine/index.ts'

/** Reads a record as it was written; throws for what is none. */
export function parseRecord(text: string): JournalRecord {
  const value: unknown = JSON.parse(text)
  if (isRecord(value)) return value
  throw new Error('it has an unknown form')
}

function isRecord(value: unknown): value is JournalRecord {
  if (typeof value !== 'object' || value === null) return false
  const record = value as Partial<Record<keyof JournalRecord, unknown>>
  const texts = [record.id, record.run, record.step, record.fault, record.at]
  const objects = [record.target, record.undo]
  return (
    texts.every((text) => typeof text === 'string') &&
    objects.every((object) => typeof object === 'object' && object !== null) &&
    typeof record.recoveryDeadlineMs === 'number'
  )
}
