import type { Fact, Observation } from '../../domain/index.ts'
import type { Db, Tx } from '../connect.ts'
import { toJson } from '../json.ts'
import { notify } from '../notify.ts'
import { lockFor, transaction } from '../transaction.ts'

export interface NewFacts {
  /** of the agent that reports */
  infrastructureId: string
  runId: string
  lease: number
  facts: readonly Fact[]
  now: Date
}

/** `last`: the highest fact stored without a gap. `lost`: the run is over, or leased to someone else by now. */
export type FactsInserted = { kind: 'stored'; last: number } | { kind: 'lost' }

/** Facts that repeat are ignored; those after a gap are not stored: the agent sends again from `last`. */
export function insertFacts(db: Db, report: NewFacts): Promise<FactsInserted> {
  return transaction(db, async (tx) => {
    const { runId, lease, now } = report
    const run = await tx
      .selectFrom('runs')
      .select('id')
      .where('id', '=', runId)
      .where('infrastructureId', '=', report.infrastructureId)
      .where('leaseNumber', '=', lease)
      .where('endedAt', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (run === undefined) return { kind: 'lost' }
    const stored = await lastFact(tx, runId)
    const facts = following(report.facts, stored)
    if (facts.length === 0) return { kind: 'stored', last: stored }
    const rows = facts.map((fact) => ({ runId, seq: fact.seq, lease, body: toJson(fact), receivedAt: now }))
    await tx.insertInto('facts').values(rows).execute()
    await notify(tx, 'fact', runId)
    return { kind: 'stored', last: stored + facts.length }
  })
}

async function lastFact(tx: Tx, runId: string): Promise<number> {
  const row = await tx
    .selectFrom('facts')
    .select((eb) => eb.fn.max('seq').as('last'))
    .where('runId', '=', runId)
    .executeTakeFirst()
  return row?.last ?? 0
}

/** The unbroken row of facts that begins right after `stored`. */
function following(facts: readonly Fact[], stored: number): Fact[] {
  const next: Fact[] = []
  for (const fact of facts.toSorted((a, b) => a.seq - b.seq)) {
    if (fact.seq === stored + next.length + 1) next.push(fact)
  }
  return next
}

export interface NewObservations {
  infrastructureId: string
  observations: readonly Observation[]
  now: Date
}

/** Returns how many were new. One that is not newer than what is known of its workload is a repetition. */
export function insertObservations(db: Db, report: NewObservations): Promise<number> {
  const { infrastructureId, now } = report
  return transaction(db, async (tx) => {
    await lockFor(tx, 'observations', infrastructureId)
    const known = await latestNumbers(tx, infrastructureId, [...new Set(report.observations.map(({ uid }) => uid))])
    const fresh = report.observations.filter(({ uid, number }) => number > (known.get(uid) ?? 0))
    if (fresh.length === 0) return 0
    const inserted = await tx
      .insertInto('observations')
      .values(
        fresh.map((observation) => ({
          infrastructureId,
          uid: observation.uid,
          number: observation.number,
          body: toJson(observation),
          receivedAt: now,
          comparedAt: null
        }))
      )
      .onConflict((conflict) => conflict.columns(['infrastructureId', 'uid', 'number']).doNothing())
      .returning('uid')
      .execute()
    await notify(tx, 'observation', infrastructureId)
    return inserted.length
  })
}

async function latestNumbers(tx: Tx, infrastructureId: string, uids: string[]): Promise<Map<string, number>> {
  if (uids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('observations')
    .select(({ fn }) => ['uid', fn.max('number').as('number')])
    .where('infrastructureId', '=', infrastructureId)
    .where('uid', 'in', uids)
    .groupBy('uid')
    .execute()
  return new Map(rows.map(({ uid, number }) => [uid, number]))
}
