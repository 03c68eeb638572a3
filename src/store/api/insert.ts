/** What api may insert by itself; all else it asks of the owner. Each is idempotent, and tells who waits for it. */
export { type EditInserted, insertEditRequest, type NewEditRequest } from './edit.ts'
export { type FactsInserted, insertFacts, insertObservations, type NewFacts, type NewObservations } from './report.ts'
