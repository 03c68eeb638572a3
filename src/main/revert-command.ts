import { createClusterJournal } from '../agent/index.ts'
import { clusterTarget, KubeClient, kubeconfigAccess, recordNamespaces, undoRecords } from '../cluster/index.ts'
import type { FactBody } from '../domain/index.ts'
import { createBuiltinEngine, type JournalRecord } from '../engine/index.ts'
import { createFaults } from '../faults/index.ts'
import { newId, silentLogger, systemClock } from '../platform/index.ts'
import type { Env } from './command-line.ts'

export interface RevertWish {
  /** a file */
  kubeconfig: string
  /** of the undo records; null = all */
  namespace: string | null
  dryRun: boolean
  /** the surroundings of the program that the kubeconfig signs in by; null = it is not run */
  program: Env | null
}

/** What became of one undo record. */
export interface RevertedInjection {
  injection: string
  fault: string
  /** `shop/web`; a node's name alone */
  target: string
  run: string
  /** when its undo record was written, ISO 8601 */
  at: string
  /** `left`: it was only looked at */
  outcome: 'recovered' | 'drifted' | 'leaked' | 'left'
  evidence: string
}

export interface Reverted {
  cluster: string
  dryRun: boolean
  injections: RevertedInjection[]
}

/** Undoes what the undo records in a cluster say, and removes those whose recovery is proved. */
export async function revert({ kubeconfig, namespace, dryRun, program }: RevertWish): Promise<Reverted> {
  const access = await kubeconfigAccess(kubeconfig, systemClock, program)
  const client = new KubeClient(access, systemClock)
  try {
    const namespaces = await recordNamespaces(client, namespace)
    const injections: RevertedInjection[] = []
    for (const one of namespaces) injections.push(...(await revertIn(client, one, dryRun)))
    return { cluster: access.server.origin, dryRun, injections }
  } finally {
    await client.close()
  }
}

async function revertIn(client: KubeClient, namespace: string, dryRun: boolean): Promise<RevertedInjection[]> {
  const log = silentLogger()
  const texts = undoRecords(client, namespace)
  const journal = createClusterJournal(texts, log)
  const records = await journal.all()
  const unread = unreadable(await texts.all(), records, namespace)
  if (dryRun) return [...records.map((record) => told(record, 'left', 'it would be undone')), ...unread]
  const engine = createBuiltinEngine({
    target: clusterTarget(client),
    journal,
    faults: createFaults(),
    probes: [],
    clock: systemClock,
    newId,
    random: Math.random,
    log
  })
  const facts: FactBody[] = []
  await engine.reap(() => (fact) => void facts.push(fact))
  const reverted = records.map((record) => {
    const last = facts.findLast((fact) => fact.type === 'injection' && fact.injection === record.id)
    if (last?.type !== 'injection') return told(record, 'left', 'somebody else has undone it meanwhile')
    const { stage, evidence } = last
    return told(record, stage === 'recovered' || stage === 'drifted' ? stage : 'leaked', evidence)
  })
  return [...reverted, ...unread]
}

function unreadable(
  texts: readonly { id: string }[],
  records: readonly JournalRecord[],
  namespace: string
): RevertedInjection[] {
  return texts.flatMap(({ id }) => {
    if (records.some((record) => record.id === id)) return []
    const evidence = `its undo record, the ConfigMap faultline-undo-${id} in namespace ${namespace}, cannot be read`
    return [
      { injection: id, fault: 'unknown', target: 'unknown', run: '', at: '', outcome: 'leaked' as const, evidence }
    ]
  })
}

function told(
  { id, fault, run, at, target: { namespace, name } }: JournalRecord,
  outcome: RevertedInjection['outcome'],
  evidence: string
): RevertedInjection {
  const target = namespace === '' ? name : `${namespace}/${name}`
  return { injection: id, fault, target, run, at, outcome, evidence }
}

const WORDS: Record<RevertedInjection['outcome'], string> = {
  recovered: 'undone',
  drifted: 'over, and changed by somebody else meanwhile',
  leaked: 'NOT undone',
  left: 'left'
}

export function printReverted({ cluster, injections }: Reverted): string {
  if (injections.length === 0) return `No fault has left anything to undo in ${cluster}.`
  const lines = injections.map(
    ({ fault, target, at, outcome, evidence }) => `${fault} on ${target}, since ${at}: ${WORDS[outcome]} (${evidence})`
  )
  const leaked = injections.filter(({ outcome }) => outcome === 'leaked').length
  const rest =
    leaked === 0 ? [] : [`${leaked} could not be undone; their records stay. Try again, or undo them by hand.`]
  return [...lines, ...rest].join('\n')
}
