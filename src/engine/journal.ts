import type { UndoData } from './fault.ts'

/** How to undo one injection; durable before the harm, gone only after the recovery was proved. */
export interface JournalRecord {
  /** the injection's id */
  id: string
  run: string
  step: string
  fault: string
  target: { namespace: string; name: string; uid: string }
  /** ISO 8601 */
  at: string
  undo: UndoData
  /** ms that the proof of the recovery may take */
  recoveryDeadlineMs: number
}

/** Lives in the infrastructure, needs no server. */
export interface Journal {
  /** resolves when the record would survive a crash */
  write(record: JournalRecord): Promise<void>
  all(): Promise<JournalRecord[]>
  /** a record that is gone already is fine */
  remove(id: string): Promise<void>
}
